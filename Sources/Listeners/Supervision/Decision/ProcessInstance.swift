// One run of a process.

internal import ListenerProtocol

/// One run of a process: its name, and when it was started.
struct ProcessInstance: Hashable, Sendable {
    let process: ProcessName
    /// In seconds since 1970 on supervisord's clock.
    let start: Int
}

internal import ListenerProtocol

/// One run of a process, identified by its name and start time.
struct ProcessInstance: Hashable, Sendable {
    let process: ProcessName
    /// The start time, in seconds since 1970 on supervisord's clock.
    let start: Int
}

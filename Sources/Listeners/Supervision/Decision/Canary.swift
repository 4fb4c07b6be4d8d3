// The one process of a group that is restarted first.

internal import ListenerProtocol

/// The one process of a group that is restarted first, to see whether that helps.
struct Canary: Hashable, Sendable {
    let process: ProcessName
    /// Whether its restart has not made it well.
    var hasFailed = false
    /// Those of its group that fail their checks and wait for it.
    var others: Set<ProcessName> = []
    /// When an alert was sent about its failure.
    var reminder = Reminder()
}

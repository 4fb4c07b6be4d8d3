internal import ListenerProtocol

/// The process of a group that is restarted first, to check whether that helps.
struct Canary: Hashable, Sendable {
    let process: ProcessName
    /// Whether its restart has not helped.
    var hasFailed = false
    /// The failing processes of its group that wait for it.
    var others: Set<ProcessName> = []
    /// When an alert about its failure was sent.
    var reminder = Reminder()
}

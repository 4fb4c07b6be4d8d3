internal import ListenerProtocol

/// Why a process that has failed by itself is not started, for the log and for alerts.
///
/// It is apart from what the process's checks find, which change it with each tick.
struct StartRecord: Hashable, Sendable {
    /// Its state.
    var state: ProcessState?
    /// The latest reason.
    var hold: HoldReason?
    /// The alert about it.
    var alerted = Reminder()
}

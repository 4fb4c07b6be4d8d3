internal import ListenerProtocol

/// Progress of a restart, so that its start takes place even if the worker fails.
enum RestartNote: Hashable {
    /// A stop is about to be requested, so a start is pending.
    case stopping
    /// A stop is about to be requested, which no start follows.
    case stoppingForGood
    /// A start is about to be requested: a STARTING event follows that is not a person's.
    case starting
    /// The start is no longer pending.
    case settled
    /// The state of the process while its start is pending.
    case seen(ProcessState, start: Int)
}

// What a restart tells while it is under way.

internal import ListenerProtocol

/// What a restart tells while it is under way, so that its start comes whatever becomes of it.
enum RestartNote: Hashable {
    /// A stop is about to be asked for, so that a start is owed.
    case stopping
    /// The start is not owed any more.
    case settled
    /// How the process is while its start is owed.
    case seen(ProcessState, start: Int)
}

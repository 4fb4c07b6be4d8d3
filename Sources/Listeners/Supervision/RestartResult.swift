// What became of a restart.

internal import ListenerProtocol
internal import SupervisorRPC

/// What became of a restart.
enum RestartResult {
    /// It was stopped and started.
    case restarted
    /// It runs, though not by this start: somebody else has started it, or it was never stopped.
    case alreadyStarted(RPCError)
    /// It could not be stopped; whether it was started all the same does not matter.
    case stopFailed(RPCError)
    /// It was stopped and could not be started.
    case startFailed(RPCError)

    /// The record by which a worker tells of a process that it has started again.
    static let record = "restarted"
}

// What a tool adds to a restart.

internal import ListenerProtocol
internal import SupervisorRPC

/// What a tool adds to a restart: it looks again, collects and reports.
///
/// Everything happens in the worker that restarts.
protocol RestartReport: AnyObject {
    /// Whether the process is well by now.
    func isHealthy() -> Bool

    /// Collects what is to be had only before the stop.
    func collectEvidence(_ info: ProcessInfo)

    /// Is called just before the stop or the start.
    func willAct(_ act: RestartAct)

    /// Whether to start a process whose stop was refused, since it may have ended by itself.
    ///
    /// - Parameter reason: Why it was refused.
    /// - Returns: Whether to try.
    func startsAfterRefusedStop(_ reason: String) -> Bool

    /// Reports what became of it.
    func finish(_ outcome: RestartOutcome)

    /// Reports a start that has come later than it should.
    func finishLate()
}

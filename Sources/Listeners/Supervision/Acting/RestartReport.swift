internal import Alerting
internal import ListenerProtocol
internal import SupervisorRPC

/// The part of a restart that differs between tools: check again, collect evidence, report.
///
/// Everything runs in the worker that restarts.
protocol RestartReport: AnyObject {
    /// Whether the process passes all its checks by now.
    func isHealthy() -> Bool

    /// Collects evidence that is only available before the stop.
    func collectEvidence(_ info: SupervisedProcess)

    /// Called just before the stop or the start.
    func willAct(_ act: RestartStep)

    /// Whether to start a process whose stop was rejected, since it may have ended by itself.
    ///
    /// - Parameter reason: Why it was rejected.
    /// - Returns: Whether to start it.
    func startsAfterRefusedStop(_ reason: String) -> Bool

    /// Reports the outcome.
    func finish(_ outcome: RestartOutcome)

    /// Reports a delayed start.
    func finishLate()

    /// Collects the evidence for an alert about a process that is left alone.
    ///
    /// - Returns: The evidence.
    func evidence() -> Diagnostics
}

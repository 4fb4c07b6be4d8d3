internal import ListenerProtocol

/// A check that is ready to run.
struct Check {
    /// Identifies the check from round to round.
    let identity: String
    /// The target of the check.
    let target: CheckTarget
    /// The processes that it is for, if they were looked up.
    let processes: [ProcessName]
    /// Whether each process has its own check.
    let isPerProcess: Bool
    /// The settings common to all checks.
    let terms: CheckTerms

    /// Creates a result.
    func result(_ health: HealthStatus) -> CheckResult {
        CheckResult(
            identity: identity, target: target.redacted, health: health, processes: processes,
            isPerProcess: isPerProcess)
    }
}

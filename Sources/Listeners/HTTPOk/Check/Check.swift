// One check, ready to be made.

internal import ListenerProtocol

/// One check, ready to be made.
struct Check {
    /// By which it is known from round to round.
    let identity: String
    /// What is looked at.
    let target: CheckTarget
    /// The processes that it stands for, as far as they were looked up.
    let processes: [ProcessName]
    /// Whether each process has a check of its own.
    let isPerProcess: Bool
    /// What is the same for all checks of a command line.
    let terms: CheckTerms

    /// A result without a verdict of its own yet.
    func result(_ verdict: CheckVerdict) -> CheckResult {
        CheckResult(
            check: identity, target: target.redacted, verdict: verdict, processes: processes,
            isPerProcess: isPerProcess)
    }

    /// Makes the check and waits for its end, within the timeout.
    ///
    /// Runs in a worker.
    func run() -> CheckVerdict {
        var verdict = CheckVerdict.unknown("the check has not ended")
        CheckRound.run([self]) { verdict = $0.verdict }
        return verdict
    }
}

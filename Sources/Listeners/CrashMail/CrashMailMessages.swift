internal import Alerting
internal import ListenerProtocol

/// superlance's texts of crashmail: the subject, and the first line of the mail.
///
/// People filter mail and search logs by them: they stay as they are. `DeliveryLog` logs a delivered
/// mail below `Mailed:`.
enum CrashMailMessages {
    /// The subject, such as `PREFIX: web crashed at 2026-11-20 22:01:43,673`.
    ///
    /// - Parameters:
    ///   - incident: A crash, or a failed start.
    ///   - options: The options, with the prefix of `-o`.
    /// - Returns: The subject; nil if the process is unknown.
    static func subject(_ incident: Incident, _ options: CrashMailOptions) -> String? {
        incident.crashSubject.map(options.title)
    }

    /// The first line about a crash.
    static func crash(_ change: ProcessStateChange) -> String {
        "Process \(change.process.inGroup) exited unexpectedly "
            + "(pid \(change.pid.map(String.init) ?? "unknown")) from state \(change.fromStateName)"
    }

    /// The first line about a failed start.
    static func failedStart(_ change: ProcessStateChange) -> String {
        "Process \(change.process.inGroup) failed to start too many times"
    }

    /// The first line about an incident that occurred while no listener was running.
    static func missed(_ finding: MissedEventScan.Finding) -> String {
        "Process \(finding.process.inGroup) "
            + (finding.kind == .fatal ? "failed to start too many times" : "exited unexpectedly")
            + " while this listener was not running"
    }
}

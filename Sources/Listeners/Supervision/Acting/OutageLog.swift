internal import Alerting

/// Logs failures to check once per subject, until a check of that subject succeeds again.
struct OutageLog {
    private let log: Log
    private var outages: [String: String] = [:]

    init(_ log: Log) {
        self.log = log
    }

    /// Records and logs a failure.
    ///
    /// - Parameters:
    ///   - check: The subject.
    ///   - text: The text to log.
    mutating func begin(_ check: String, _ text: String) {
        if note(check, text) { log.report(text) }
    }

    /// Records a failure that the caller logs.
    ///
    /// - Parameters:
    ///   - check: The subject.
    ///   - text: The reason.
    /// - Returns: Whether to log it.
    mutating func note(_ check: String, _ text: String) -> Bool {
        guard outages[check] != text else { return false }
        outages[check] = text
        return true
    }

    /// Records a successful check.
    mutating func end(_ check: String) {
        outages[check] = nil
    }
}

// Logs once that nothing can be found out.

internal import Alerting

/// Logs that nothing can be found out: once until something is found out again, for each check.
struct OutageLog {
    private let log: Log
    private var outages: [String: String] = [:]

    init(_ log: Log) {
        self.log = log
    }

    /// Notes that a check has found out nothing.
    ///
    /// - Parameters:
    ///   - check: The check.
    ///   - text: What to log.
    mutating func begin(_ check: String, _ text: String) {
        if note(check, text) { log.note(text) }
    }

    /// Notes that a check has found out nothing, which somebody else logs.
    ///
    /// - Parameters:
    ///   - check: The check.
    ///   - text: The reason.
    /// - Returns: Whether it is to be logged.
    mutating func note(_ check: String, _ text: String) -> Bool {
        guard outages[check] != text else { return false }
        outages[check] = text
        return true
    }

    /// Notes that a check has found out something.
    mutating func end(_ check: String) {
        outages[check] = nil
    }
}

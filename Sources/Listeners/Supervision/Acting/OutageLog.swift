internal import Alerting

/// Logs failures to check once for each key, until a check with that key succeeds again.
struct OutageLog {
    private let log: Log
    private var outages: [String: String] = [:]

    init(_ log: Log) {
        self.log = log
    }

    /// Records and logs a failure.
    ///
    /// - Parameters:
    ///   - key: Identifies what is checked.
    ///   - text: The text to log.
    mutating func begin(_ key: String, _ text: String) {
        if note(key, text) { log.report(.warning, text) }
    }

    /// Records a failure that the caller logs.
    ///
    /// - Parameters:
    ///   - key: Identifies what is checked.
    ///   - text: The reason.
    /// - Returns: Whether to log it.
    mutating func note(_ key: String, _ text: String) -> Bool {
        guard outages[key] != text else { return false }
        outages[key] = text
        return true
    }

    /// Records a successful check.
    mutating func end(_ key: String) {
        outages[key] = nil
    }
}

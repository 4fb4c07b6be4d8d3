// How often an alert about a lasting condition is repeated.

internal import System

/// Decides when an alert about a condition that lasts is sent, and sent again.
struct Reminder: Hashable, Sendable {
    private var last: Instant?

    /// Whether an alert has been sent since the condition began.
    var isActive: Bool { last != nil }

    /// Whether an alert is due; if it is, it counts as sent.
    ///
    /// - Parameters:
    ///   - now: The present moment.
    ///   - interval: The seconds between two alerts.
    /// - Returns: Whether to send one.
    mutating func isDue(at now: Instant, every interval: Int) -> Bool {
        if let last, now - last < .seconds(interval) { return false }
        last = now
        return true
    }

    /// Notes that the condition is over.
    ///
    /// - Returns: Whether an alert had been sent.
    mutating func end() -> Bool {
        defer { last = nil }
        return isActive
    }
}

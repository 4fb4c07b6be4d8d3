internal import System

/// Decides when an alert about a lasting condition is sent and repeated.
struct Reminder: Hashable, Sendable {
    /// When the last alert was sent; nil if none has been sent since the condition began.
    private(set) var last: Instant?

    /// Creates a reminder.
    ///
    /// - Parameter last: When the last alert was sent.
    init(last: Instant? = nil) {
        self.last = last
    }

    /// Whether an alert has been sent since the condition began.
    var isActive: Bool { last != nil }

    /// Returns whether an alert is due, and counts it as sent.
    ///
    /// - Parameters:
    ///   - now: The current time.
    ///   - interval: The seconds between two alerts.
    /// - Returns: Whether to send one.
    mutating func isDue(at now: Instant, every interval: Int) -> Bool {
        guard wouldBeDue(at: now, every: interval) else { return false }
        last = now
        return true
    }

    /// Whether an alert is due, without counting it as sent.
    func wouldBeDue(at now: Instant, every interval: Int) -> Bool {
        last.map { now - $0 >= .seconds(interval) } ?? true
    }

    /// Records that an alert was sent.
    mutating func note(at now: Instant) {
        last = now
    }

    /// Records that the condition has ended.
    ///
    /// - Returns: Whether an alert had been sent.
    mutating func end() -> Bool {
        defer { last = nil }
        return isActive
    }
}

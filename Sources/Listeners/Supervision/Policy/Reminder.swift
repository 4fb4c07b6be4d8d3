internal import System

/// Decides when an alert about a lasting condition is sent and repeated.
struct Reminder: Hashable, Sendable {
    /// When the last alert was sent; nil for never.
    private(set) var last: Instant?

    /// Whether an alert has been sent since the condition began.
    private(set) var isActive: Bool

    /// Creates a reminder.
    ///
    /// - Parameter last: When the last alert was sent.
    init(last: Instant? = nil) {
        self.last = last
        isActive = last != nil
    }

    /// Returns whether an alert is due, and counts it as sent.
    ///
    /// - Parameters:
    ///   - now: The current time.
    ///   - interval: The seconds between two alerts.
    /// - Returns: Whether to send one.
    mutating func isDue(at now: Instant, every interval: Int) -> Bool {
        guard wouldBeDue(at: now, every: interval) else { return false }
        note(at: now)
        return true
    }

    /// Whether an alert is due, without counting it as sent.
    func wouldBeDue(at now: Instant, every interval: Int) -> Bool {
        last.map { now - $0 >= .seconds(interval) } ?? true
    }

    /// Records that an alert was sent.
    mutating func note(at now: Instant) {
        last = now
        isActive = true
    }

    /// Records that the condition has ended.
    ///
    /// - Returns: Whether an alert had been sent.
    mutating func end() -> Bool {
        defer { self = Reminder() }
        return isActive
    }

    /// Records that the condition has ended and may return: then the next alert keeps the interval.
    ///
    /// - Returns: Whether an alert had been sent.
    mutating func pause() -> Bool {
        defer { isActive = false }
        return isActive
    }

    /// Records that the condition has returned.
    ///
    /// - Returns: Whether it had ended after an alert.
    mutating func resume() -> Bool {
        guard last != nil, !isActive else { return false }
        isActive = true
        return true
    }
}

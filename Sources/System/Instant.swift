internal import Glibc

/// A point in time on the monotonic clock.
///
/// Timers use it because wall clocks jump. It restarts with each boot and is meaningful only within
/// this process. The corresponding C clock is `CLOCK_MONOTONIC`.
public struct Instant: Comparable, Hashable, Sendable {
    /// The time since the boot, without that in which the machine slept.
    public let sinceBoot: Duration

    /// A moment by its time since the boot.
    ///
    /// - Parameter sinceBoot: The time since the boot.
    public init(sinceBoot: Duration) {
        self.sinceBoot = sinceBoot
    }

    /// The current time.
    public static var now: Instant {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Instant(
            sinceBoot: .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec))
    }

    /// Adds a duration.
    ///
    /// - Parameters:
    ///   - instant: The earlier time.
    ///   - duration: The duration to add.
    /// - Returns: The later time.
    public static func + (instant: Instant, duration: Duration) -> Instant {
        Instant(sinceBoot: instant.sinceBoot + duration)
    }

    /// Returns the time between two instants.
    ///
    /// - Parameters:
    ///   - later: The end.
    ///   - earlier: The start.
    /// - Returns: The duration, negative if the end is before the start.
    public static func - (later: Instant, earlier: Instant) -> Duration {
        later.sinceBoot - earlier.sinceBoot
    }

    /// Whether one instant is before another.
    public static func < (left: Instant, right: Instant) -> Bool {
        left.sinceBoot < right.sinceBoot
    }
}

// A moment on the clock that never jumps.

internal import Glibc

/// A moment on the monotonic clock.
///
/// Wall clocks jump, so every timer counts on this one. It starts anew with each boot and means
/// nothing outside this process. The corresponding C clock is `CLOCK_MONOTONIC`.
public struct Instant: Comparable, Hashable, Sendable {
    private let sinceBoot: Duration

    /// The present moment.
    public static var now: Instant {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Instant(
            sinceBoot: .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec))
    }

    /// The moment a while after another one.
    ///
    /// - Parameters:
    ///   - instant: The earlier moment.
    ///   - duration: How much later.
    /// - Returns: The later moment.
    public static func + (instant: Instant, duration: Duration) -> Instant {
        Instant(sinceBoot: instant.sinceBoot + duration)
    }

    /// The time from one moment to another.
    ///
    /// - Parameters:
    ///   - later: The end.
    ///   - earlier: The start.
    /// - Returns: The time between them, negative if they are the other way round.
    public static func - (later: Instant, earlier: Instant) -> Duration {
        later.sinceBoot - earlier.sinceBoot
    }

    /// Whether a moment comes before another one.
    public static func < (left: Instant, right: Instant) -> Bool {
        left.sinceBoot < right.sinceBoot
    }
}

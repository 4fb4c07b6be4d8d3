internal import Glibc

/// A point in time on the wall clock, in milliseconds.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Whole seconds since 1970.
    public let seconds: Int

    /// The milliseconds within the second, 0...999.
    public let milliseconds: Int

    /// The seconds of the years 1000 to 9999, which every calendar library can format.
    package static let range = -30_610_224_000...253_402_300_799

    /// Creates a timestamp; a time outside the years 1000 to 9999 is moved to the nearest of them.
    ///
    /// - Parameters:
    ///   - seconds: Whole seconds since 1970.
    ///   - milliseconds: The milliseconds within the second, 0...999.
    public init(seconds: Int, milliseconds: Int = 0) {
        self.seconds = min(max(seconds, Self.range.lowerBound), Self.range.upperBound)
        self.milliseconds = min(max(milliseconds, 0), 999)
    }

    /// The current time.
    ///
    /// The corresponding C clock is `CLOCK_REALTIME`.
    public static var now: Timestamp {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(seconds: time.tv_sec, milliseconds: time.tv_nsec / 1_000_000)
    }

    /// Local time in superlance's format: `2026-11-20 22:01:43,673`.
    public var asctime: String {
        let digits = String(milliseconds + 1000).dropFirst()
        return "\(formatted("%Y-%m-%d %H:%M:%S")),\(digits)"
    }

    /// Local time in the format of the C library's `asctime`, then the time zone: `Fri Nov 20
    /// 22:01:43 2026 UTC`.
    public var asctimeWithZone: String {
        formatted("%a %b %e %H:%M:%S %Y %Z")
    }

    /// Formats the local time.
    ///
    /// The corresponding C function is `strftime`.
    ///
    /// - Parameter format: The format.
    /// - Returns: The formatted time.
    public func formatted(_ format: String) -> String {
        var time = time_t(seconds)
        var local = unsafe tm()
        unsafe localtime_r(&time, &local)
        var buffer = [CChar](repeating: 0, count: 200)
        let count = unsafe strftime(&buffer, buffer.count, format, &local)
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether one time is before another.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        (left.seconds, left.milliseconds) < (right.seconds, right.milliseconds)
    }
}

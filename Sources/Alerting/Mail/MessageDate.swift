import Glibc
internal import System

/// The date of a mail: a time with the offset of local time from UTC.
public struct MessageDate: Sendable, Hashable {
    /// Seconds since 1970-01-01 00:00:00 UTC.
    public let seconds: Int

    /// The offset of local time from UTC in seconds, a multiple of 60.
    public let offset: Int

    /// Creates a date in the time zone of this process.
    ///
    /// The corresponding C function is `localtime_r`.
    ///
    /// - Parameter seconds: Seconds since 1970-01-01 00:00:00 UTC.
    public init(seconds: Int) {
        var moment = time_t(seconds)
        var local = unsafe tm()
        let isKnown = unsafe localtime_r(&moment, &local) != nil
        self.init(seconds: seconds, offset: isKnown ? unsafe local.tm_gmtoff : 0)
    }

    /// Creates a date in a given time zone.
    ///
    /// - Parameters:
    ///   - seconds: Seconds since 1970-01-01 00:00:00 UTC, within the years 1000 to 9999.
    ///   - offset: The offset of local time from UTC in seconds, at most a day; rounded down to
    ///     minutes.
    public init(seconds: Int, offset: Int) {
        self.seconds = Timestamp(seconds: seconds).seconds
        self.offset = min(max(offset, -86_400), 86_400) / 60 * 60
    }

    /// The date for a header, such as `Fri, 20 Nov 2026 22:01:43 +0000`.
    ///
    /// The names are English in any locale (RFC 5322, section 3.3).
    public var text: String {
        let local = seconds + offset
        let days = (local < 0 ? local - 86399 : local) / 86400
        let second = local - days * 86400
        let (year, month, day) = Self.civil(days)
        // 1970-01-01 was a Thursday.
        let weekday = ((days % 7) + 11) % 7
        let time = [second / 3600, second / 60 % 60, second % 60].map { Self.padded($0, to: 2) }
        let sign = offset < 0 ? "-" : "+"
        let zone = [abs(offset) / 3600, abs(offset) / 60 % 60].map { Self.padded($0, to: 2) }
        return "\(Self.weekdays[weekday]), \(Self.padded(day, to: 2)) \(Self.months[month - 1]) "
            + "\(Self.padded(year, to: 4)) \(time.joined(separator: ":")) \(sign)\(zone.joined())"
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func padded(_ number: Int, to width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// Converts days since 1970-01-01 to a date in the Gregorian calendar.
    ///
    /// Years are counted from March, so that the leap day is the last day.
    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}

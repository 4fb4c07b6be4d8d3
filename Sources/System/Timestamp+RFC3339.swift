// Times for machines (RFC 3339).

internal import Glibc

extension Timestamp {
    /// The time in UTC with milliseconds: `2026-11-20T21:01:43.673Z` (RFC 3339, section 5.6).
    public var rfc3339: String {
        var time = time_t(seconds)
        var universal = unsafe tm()
        unsafe gmtime_r(&time, &universal)
        var buffer = [CChar](repeating: 0, count: 80)
        let count = unsafe strftime(&buffer, buffer.count, "%Y-%m-%dT%H:%M:%S", &universal)
        let text = String(
            decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return "\(text).\(String(milliseconds + 1000).dropFirst())Z"
    }

    /// Parses `2026-11-21T14:30:00+01:00` or `2026-11-21T13:30:00Z` (RFC 3339, section 5.6).
    ///
    /// A space is accepted in place of the `T`, and fractions of a second are ignored.
    ///
    /// - Parameter text: The time. Returns nil for anything else.
    package init?(rfc3339 text: String) {
        var rest = Array(text.utf8)[...]
        func number(_ digits: Int, _ range: ClosedRange<Int>) -> Int? {
            let part = rest.prefix(digits)
            rest = rest.dropFirst(digits)
            guard part.count == digits,
                part.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
                let number = Int(String(decoding: part, as: UTF8.self)), range.contains(number)
            else { return nil }
            return number
        }
        func skip(_ set: String) -> Bool {
            guard let byte = rest.first, set.utf8.contains(byte) else { return false }
            rest.removeFirst()
            return true
        }
        guard let year = number(4, 1...9_999), skip("-"), let month = number(2, 1...12), skip("-"),
            let day = number(2, 1...Self.days(in: month, of: year)), skip("Tt "),
            let hour = number(2, 0...23), skip(":"), let minute = number(2, 0...59), skip(":"),
            let second = number(2, 0...60)
        else { return nil }
        if skip(".") { while skip("0123456789") {} }
        var offset = 0
        if !skip("Zz") {
            let isBehind = rest.first == UInt8(ascii: "-")
            guard skip("+-"), let hours = number(2, 0...23), skip(":"),
                let minutes = number(2, 0...59)
            else { return nil }
            offset = (hours * 3_600 + minutes * 60) * (isBehind ? -1 : 1)
        }
        guard rest.isEmpty else { return nil }
        let time = hour * 3_600 + minute * 60 + second
        self.init(seconds: Self.day(year, month, day) * 86_400 + time - offset)
    }

    private static func isLeap(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The number of a day since 1970, in the Gregorian calendar.
    private static func day(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let before = year - 1
        let years = before * 365 + before / 4 - before / 100 + before / 400 - 719_162
        let months = (1..<month).reduce(0) { $0 + days(in: $1, of: year) }
        return years + months + day - 1
    }
}

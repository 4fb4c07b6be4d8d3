// Parses restart windows.

extension RestartWindow {
    private static let dayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

    /// Parses `[DAYS] HH:MM-HH:MM[,...]`, where DAYS is a day such as `sat`, or a range such as
    /// `mon-fri` or `fri-mon`.
    ///
    /// - Throws: `UsageError` that identifies the invalid part.
    init(_ value: OptionValue) throws(UsageError) {
        var reader = SpecificationReader(value)
        var hours: [Hours] = []
        repeat {
            hours.append(try Self.hours(&reader))
            reader.skipSpaces()
        } while reader.skip(",")
        try reader.end(requiring: "a comma or the end")
        self.hours = hours
    }

    private static func hours(_ reader: inout SpecificationReader) throws(UsageError) -> Hours {
        reader.skipSpaces()
        var days = Set(0..<7)
        if let next = reader.next, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next) {
            days = try Self.days(&reader)
            reader.skipSpaces()
        }
        let start = reader.position
        let begin = try minute(&reader)
        guard begin < 1_440 else { throw reader.error(requiring: "a time before 24:00", at: start) }
        reader.skipSpaces()
        guard reader.skip("-") else {
            throw reader.error(requiring: "hours such as 02:00-05:00", at: reader.position)
        }
        reader.skipSpaces()
        let place = reader.position
        let end = try minute(&reader)
        guard begin != end else {
            throw reader.error(
                requiring: "a time other than the start (all day: 00:00-24:00)", at: place)
        }
        return Hours(days: days, begin: begin, end: end)
    }

    private static func days(_ reader: inout SpecificationReader) throws(UsageError) -> Set<Int> {
        let first = try day(&reader)
        guard reader.skip("-") else { return [first] }
        let last = try day(&reader)
        return Set((0...(last - first + 7) % 7).map { (first + $0) % 7 })
    }

    private static func day(_ reader: inout SpecificationReader) throws(UsageError) -> Int {
        let start = reader.position
        let word = reader.word().lowercased()
        let names = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
        guard let day = dayNames.firstIndex(of: word) ?? names.firstIndex(of: word) else {
            throw reader.error(requiring: "a day (mon to sun) or a time (02:00)", at: start)
        }
        return day
    }

    /// Parses `HH:MM`, up to `24:00`.
    private static func minute(_ reader: inout SpecificationReader) throws(UsageError) -> Int {
        let expected = "a time from 00:00 to 24:00"
        let start = reader.position
        let hour = try reader.number(in: 0...24, requiring: expected)
        guard reader.skip(":") else { throw reader.error(requiring: expected, at: start) }
        let digits = reader.position
        let minute = try reader.number(in: 0...59, requiring: expected)
        guard reader.position == digits + 2, hour < 24 || minute == 0 else {
            throw reader.error(requiring: expected, at: start)
        }
        return hour * 60 + minute
    }
}

// Parses durations.

extension OptionValue {
    /// Parses a duration: whole seconds, or with `s`, `m`, `h` or `d` in any case.
    ///
    /// - Returns: The seconds, at least 0.
    /// - Throws: `UsageError` for anything else.
    public func seconds() throws(UsageError) -> Int {
        guard let seconds = SuffixedNumber.parse(trimmed, multiples: Self.timeUnits) else {
            throw error(requiring: "a time such as 90, 30m or 1h")
        }
        return seconds
    }

    /// Parses a duration within a range.
    ///
    /// - Parameter range: The allowed seconds.
    /// - Returns: The seconds.
    /// - Throws: `UsageError` for anything else.
    public func seconds(in range: ClosedRange<Int>) throws(UsageError) -> Int {
        guard let seconds = SuffixedNumber.parse(trimmed, multiples: Self.timeUnits),
            range.contains(seconds)
        else {
            throw error(
                requiring: "a time from \(range.lowerBound) to \(range.upperBound) seconds, "
                    + "such as 10 or 1m")
        }
        return seconds
    }

    /// The units of time and their length in seconds.
    static let timeUnits = [("s", 1), ("m", 60), ("h", 3600), ("d", 86400)]
}

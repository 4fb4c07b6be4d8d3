// Parses whole numbers.

extension OptionValue {
    /// Parses a whole number.
    ///
    /// Surrounding spaces and a sign are accepted, as by Python's `int`.
    ///
    /// - Parameters:
    ///   - range: The allowed numbers.
    ///   - unit: The unit for the error, such as `seconds`.
    /// - Returns: The number.
    /// - Throws: `UsageError` when it is not a number or out of range.
    public func integer(
        in range: ClosedRange<Int>, unit: String? = nil
    ) throws(UsageError) -> Int {
        guard let number = Int(trimmed), range.contains(number) else {
            let noun = unit.map { "a whole number of \($0)" } ?? "a whole number"
            let limits =
                range.upperBound == .max
                ? "of at least \(range.lowerBound)"
                : "from \(range.lowerBound) to \(range.upperBound)"
            throw error(requiring: "\(noun) \(limits)")
        }
        return number
    }
}

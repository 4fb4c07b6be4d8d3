// Reads whole numbers from the command line.

extension OptionValue {
    /// The value as a whole number.
    ///
    /// Blanks around it and a sign are taken, as Python's `int` takes them.
    ///
    /// - Parameters:
    ///   - range: The numbers allowed.
    ///   - unit: What the number counts, such as `seconds`, for the error.
    /// - Returns: The number.
    /// - Throws: `UsageError` when it is no number or not in the range.
    public func integer(
        in range: ClosedRange<Int>, unit: String? = nil
    ) throws(UsageError) -> Int {
        guard let number = Int(trimmed), range.contains(number) else {
            let noun = unit.map { "a whole number of \($0)" } ?? "a whole number"
            let limits =
                range.upperBound == .max
                ? "of at least \(range.lowerBound)"
                : "from \(range.lowerBound) to \(range.upperBound)"
            throw error(wanting: "\(noun) \(limits)")
        }
        return number
    }
}

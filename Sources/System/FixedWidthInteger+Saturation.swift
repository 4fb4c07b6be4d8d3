// Arithmetic on untrusted numbers.

extension FixedWidthInteger {
    /// The sum, limited to the range of the type.
    ///
    /// Swift's own operators trap on overflow, which a number from outside must not cause.
    package func addingSaturated(_ other: Self) -> Self {
        let (sum, isTooLarge) = addingReportingOverflow(other)
        guard isTooLarge else { return sum }
        return other < 0 ? .min : .max
    }

    /// The difference, limited to the range of the type.
    package func subtractingSaturated(_ other: Self) -> Self {
        let (difference, isTooLarge) = subtractingReportingOverflow(other)
        guard isTooLarge else { return difference }
        return other > 0 ? .min : .max
    }

    /// The product, limited to the range of the type.
    package func multipliedSaturated(by other: Self) -> Self {
        let (product, isTooLarge) = multipliedReportingOverflow(by: other)
        guard isTooLarge else { return product }
        return (self < 0) == (other < 0) ? .max : .min
    }
}

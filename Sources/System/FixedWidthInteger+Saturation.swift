// Arithmetic on numbers that come from outside.

extension FixedWidthInteger {
    /// The sum, or the limit that it passes.
    ///
    /// Swift's own operators end the process there, which a number from outside must not do.
    package func addingSaturated(_ other: Self) -> Self {
        let (sum, isTooLarge) = addingReportingOverflow(other)
        guard isTooLarge else { return sum }
        return other < 0 ? .min : .max
    }

    /// The difference, or the limit that it passes.
    package func subtractingSaturated(_ other: Self) -> Self {
        let (difference, isTooLarge) = subtractingReportingOverflow(other)
        guard isTooLarge else { return difference }
        return other > 0 ? .min : .max
    }

    /// The product, or the limit that it passes.
    package func multipliedSaturated(by other: Self) -> Self {
        let (product, isTooLarge) = multipliedReportingOverflow(by: other)
        guard isTooLarge else { return product }
        return (self < 0) == (other < 0) ? .max : .min
    }
}

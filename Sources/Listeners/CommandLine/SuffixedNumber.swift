internal import Text

/// Parses numbers with a suffix that multiplies them.
///
/// The rules are those of supervisor's `SuffixMultiplier`: suffixes in any case, optionally after
/// spaces.
enum SuffixedNumber {
    /// Parses a number.
    ///
    /// - Parameters:
    ///   - text: Digits, optionally followed by a suffix.
    ///   - multiples: The suffixes in lower case, and the factor of each.
    /// - Returns: The number, or nil when the text is not a number, is negative or too large.
    static func parse(_ text: Substring, multiples: [(suffix: String, factor: Int)]) -> Int? {
        let lower = text.lowercased()
        let match = multiples.first { lower.hasSuffix($0.suffix) }
        let end = lower.utf8.count - (match?.suffix.utf8.count ?? 0)
        var digits = lower.utf8.prefix(end)
        while digits.last == UInt8(ascii: " ") { digits.removeLast() }
        if digits.first == UInt8(ascii: "+") { digits.removeFirst() }
        let isNumber = digits.allSatisfy(\.isASCIIDigit)
        guard isNumber, let number = Int(String(Substring(digits))) else { return nil }
        let product = number.multipliedReportingOverflow(by: match?.factor ?? 1)
        return product.overflow ? nil : product.partialValue
    }
}

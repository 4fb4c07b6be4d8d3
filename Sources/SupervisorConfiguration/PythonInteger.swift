/// Integers as Python's `int` reads them, which supervisord uses for its settings.
enum PythonInteger {
    /// Reads a number.
    ///
    /// Spaces around it, a sign and single underscores between digits are allowed, and `0o` before
    /// an octal number.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - radix: 10 or 8.
    /// - Returns: The number, limited to the range of `Int`; nil if the text is not one.
    static func parse(_ text: some StringProtocol, radix: Int = 10) -> Int? {
        var digits = Array(text.utf8)[...]
        while let last = digits.last, isSpace(last) { digits.removeLast() }
        digits = digits.drop(while: isSpace)
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative || digits.first == UInt8(ascii: "+") { digits.removeFirst() }
        var mayHaveUnderscore = false
        if radix == 8, digits.starts(with: "0o".utf8) || digits.starts(with: "0O".utf8) {
            digits = digits.dropFirst(2)
            mayHaveUnderscore = true
        }
        var number = 0
        var isAfterDigit = false
        for byte in digits {
            if byte == UInt8(ascii: "_"), isAfterDigit || mayHaveUnderscore {
                (isAfterDigit, mayHaveUnderscore) = (false, false)
                continue
            }
            let zero = UInt8(ascii: "0")
            guard byte >= zero, byte < zero + UInt8(radix) else { return nil }
            let (product, isTooLarge) = number.multipliedReportingOverflow(by: radix)
            let (sum, isTooLargeAfterwards) = product.addingReportingOverflow(Int(byte - zero))
            number = isTooLarge || isTooLargeAfterwards ? .max : sum
            (isAfterDigit, mayHaveUnderscore) = (true, false)
        }
        guard isAfterDigit else { return nil }
        return isNegative ? -number : number
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || (9...13).contains(byte)
    }
}

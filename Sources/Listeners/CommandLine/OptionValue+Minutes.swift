// Parses minutes.

internal import Text

extension OptionValue {
    /// The value as a decimal number of minutes, at least 0 and finite.
    ///
    /// A number may have a unit, s, m, h or d; without one it counts minutes. Accepted is what
    /// Python's `float` takes of decimal numbers, such as `1`, `.5`, `1.` or `1e1`; not its `nan`,
    /// `inf` and underscores.
    ///
    /// - Returns: The minutes.
    /// - Throws: `UsageError` for anything else.
    public func minutes() throws(UsageError) -> Double {
        let unit = Self.timeUnits.first { trimmed.lowercased().hasSuffix($0.0) }
        let number = trimmed.dropLast(unit == nil ? 0 : 1)
        guard Self.isDecimal(number.utf8), let count = Double(number), count.isFinite, count >= 0
        else { throw error(requiring: "a number of minutes of at least 0, or a time such as 90s") }
        return count * Double(unit?.1 ?? 60) / 60
    }

    /// Whether text is a decimal number: Swift's `Double` takes hexadecimal and words too.
    private static func isDecimal(_ text: Substring.UTF8View) -> Bool {
        var rest = text[...]
        skipSign(&rest)
        var digits = skipDigits(&rest)
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            digits += skipDigits(&rest)
        }
        guard digits > 0 else { return false }
        guard let letter = rest.popFirst() else { return true }
        guard letter == UInt8(ascii: "e") || letter == UInt8(ascii: "E") else { return false }
        skipSign(&rest)
        return skipDigits(&rest) > 0 && rest.isEmpty
    }

    private static func skipSign(_ text: inout Substring.UTF8View) {
        if text.first == UInt8(ascii: "+") || text.first == UInt8(ascii: "-") { text.removeFirst() }
    }

    private static func skipDigits(_ text: inout Substring.UTF8View) -> Int {
        let digits = text.prefix(while: \.isASCIIDigit)
        text = text[digits.endIndex...]
        return digits.count
    }
}

// Reads minutes from the command line.

extension OptionValue {
    /// The value as a decimal number of minutes, at least 0 and finite.
    ///
    /// Taken is what Python's `float` takes of decimal numbers, such as `1`, `.5`, `1.` or `1e1`;
    /// not its `nan`, `inf` and underscores.
    ///
    /// - Returns: The minutes.
    /// - Throws: `UsageError` for anything else.
    public func minutes() throws(UsageError) -> Double {
        guard Self.isDecimal(trimmed.utf8), let minutes = Double(trimmed), minutes.isFinite,
            minutes >= 0
        else { throw error(wanting: "a number of minutes of at least 0") }
        return minutes
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
        let digits = text.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        text = text[digits.endIndex...]
        return digits.count
    }
}

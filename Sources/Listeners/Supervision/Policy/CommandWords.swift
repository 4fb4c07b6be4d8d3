/// The words of a command that is run without a shell.
///
/// Words are separated by spaces, except within single and double quotes. A backslash makes the
/// next character plain, except within single quotes. No other characters are special.
enum CommandWords {
    /// Splits a command.
    ///
    /// - Parameter value: The command.
    /// - Returns: The words, at least one.
    /// - Throws: `UsageError` when there is no word, or a quote is not closed.
    static func split(_ value: OptionValue) throws(UsageError) -> [String] {
        var words: [[UInt8]] = []
        var word: [UInt8]?
        var quote: (byte: UInt8, position: Int)?
        var isEscaped = false
        for (position, byte) in value.text.utf8.enumerated() {
            if isEscaped {
                word = (word ?? []) + [byte]
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") && quote?.byte != UInt8(ascii: "'") {
                isEscaped = true
            } else if let open = quote {
                if byte == open.byte { quote = nil } else { word = (word ?? []) + [byte] }
            } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                quote = (byte, position)
                word = word ?? []
            } else if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") {
                if let whole = word { words.append(whole) }
                word = nil
            } else {
                word = (word ?? []) + [byte]
            }
        }
        let reader = SpecificationReader(value)
        if let quote { throw reader.error(requiring: "a closing quote", at: quote.position) }
        if isEscaped {
            throw reader.error(requiring: "a character after '\\'", at: value.text.utf8.count)
        }
        if let word { words.append(word) }
        guard words.first?.isEmpty == false else {
            throw reader.error(requiring: "a command", at: 0)
        }
        return words.map { String(decoding: $0, as: UTF8.self) }
    }
}

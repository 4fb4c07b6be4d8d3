/// Splits command lines like supervisord, which uses Python's `shlex.split`.
package enum ShellWords {
    /// Splits a command line.
    ///
    /// - Parameter text: The command line.
    /// - Returns: The words; nil if a quote is not closed.
    package static func split(_ text: String) -> [String]? {
        var words: [String] = []
        var word: [UInt8]?
        var quote: UInt8?
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if let open = quote {
                if byte == open {
                    quote = nil
                } else if byte == UInt8(ascii: "\\"), open == UInt8(ascii: "\""),
                    let next = rest.first, next == open || next == byte
                {
                    rest.removeFirst()
                    word?.append(next)
                } else {
                    word?.append(byte)
                }
                continue
            }
            switch byte {
            case UInt8(ascii: " "), 9...13:
                if let whole = word { words.append(String(decoding: whole, as: UTF8.self)) }
                word = nil
            case UInt8(ascii: "'"), UInt8(ascii: "\""):
                quote = byte
                word = word ?? []
            case UInt8(ascii: "\\"):
                guard let next = rest.popFirst() else { return nil }
                word = (word ?? []) + [next]
            default:
                word = (word ?? []) + [byte]
            }
        }
        guard quote == nil else { return nil }
        if let word { words.append(String(decoding: word, as: UTF8.self)) }
        return words
    }
}

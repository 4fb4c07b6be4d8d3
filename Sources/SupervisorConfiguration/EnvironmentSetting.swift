/// The value of `environment=`: `KEY="value",KEY2=value` (Supervisor manual, "[program:x] Section
/// Settings").
///
/// supervisord splits it with Python's `shlex`: outside quotes, only letters, digits and `_/.+-():`
/// belong to a word.
enum EnvironmentSetting {
    /// Parses a value.
    ///
    /// - Parameter text: The value, after expansion.
    /// - Returns: The variables; nil if it cannot be parsed.
    static func parse(_ text: String) -> [String: String]? {
        guard let words = words(in: text) else { return nil }
        var variables: [String: String] = [:]
        // Name, equals sign, value and a separator, which supervisord does not check.
        for start in stride(from: 0, to: words.count, by: 4) {
            guard start + 2 < words.count, words[start + 1] == "=" else { return nil }
            variables[words[start]] = withoutQuotes(words[start + 2])
        }
        return variables
    }

    /// The words and signs; nil if a quote is not closed.
    private static func words(in text: String) -> [String]? {
        var words: [String] = []
        var word = "".unicodeScalars
        var quote: Unicode.Scalar?
        var rest = Array(text.unicodeScalars)[...]
        func end() {
            if !word.isEmpty { words.append(String(word)) }
            word = "".unicodeScalars
        }
        while let scalar = rest.popFirst() {
            if let open = quote {
                word.append(scalar)
                guard scalar == open else { continue }
                quote = nil
                end()
            } else if " \t\r\n".unicodeScalars.contains(scalar) {
                end()
            } else if scalar == "#" {
                rest = rest.drop { $0 != "\n" }.dropFirst()
            } else if isPartOfWord(scalar) || (isQuote(scalar) && !word.isEmpty) {
                word.append(scalar)
            } else if isQuote(scalar) {
                word.append(scalar)
                quote = scalar
            } else {
                end()
                words.append(String(scalar))
            }
        }
        guard quote == nil else { return nil }
        end()
        return words
    }

    private static func isPartOfWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "/", ".", "+", "-", "(", ")", ":": true
        default: false
        }
    }

    private static func isQuote(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\"" || scalar == "'"
    }

    private static func withoutQuotes(_ word: String) -> String {
        var scalars = Array(word.unicodeScalars)[...].drop(while: isQuote)
        while let last = scalars.last, isQuote(last) { scalars.removeLast() }
        var text = "".unicodeScalars
        text.append(contentsOf: scalars)
        return String(text)
    }
}

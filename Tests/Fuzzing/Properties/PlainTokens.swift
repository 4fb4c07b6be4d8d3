// A plain reading of `key:value` tokens, to compare the true one with.

/// `key:value` tokens, read as the manual describes them and with no eye to speed.
struct PlainTokens {
    private var tokens: [(key: String, value: String)] = []

    init(_ line: [UInt8]) {
        var blanks = ""
        let text = String(decoding: line, as: UTF8.self)
        for word in text.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        {
            if let colon = word.firstIndex(of: UInt8(ascii: ":")) {
                tokens.append(
                    (
                        String(Substring(word[..<colon])),
                        String(Substring(word[word.index(after: colon)...]))
                    ))
                blanks = " "
            } else if word.isEmpty {
                blanks += " "
            } else if let last = tokens.indices.last {
                // A word without a colon belongs to the value before it.
                tokens[last].value += blanks + String(Substring(word))
                blanks = " "
            }
        }
    }

    var values: [String: String] {
        Dictionary(tokens.map { ($0.key, $0.value) }) { $1 }
    }

    subscript(key: String) -> String? {
        tokens.last { Array($0.key.utf8) == Array(key.utf8) }?.value
    }

    func number(_ key: String) -> Int? {
        guard let text = self[key] else { return nil }
        let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
        let isNumber = digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard isNumber, let number = Int(String(Substring(digits))) else { return nil }
        return digits.count < text.utf8.count ? -number : number
    }
}

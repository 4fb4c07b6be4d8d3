// Removes secrets from texts.

extension StringProtocol {
    /// The text with each secret replaced by `<redacted>`, for texts in which a server may repeat
    /// one.
    package func redacting(_ secrets: some Sequence<String>) -> String {
        // Longest first: a secret can contain another one, whose replacement would leave the rest.
        let longestFirst = secrets.sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) }
        return longestFirst.reduce(String(self)) { text, secret in
            var result = ""
            var rest = text[...]
            while let range = rest.firstRange(ofText: secret) {
                result += rest[..<range.lowerBound] + "<redacted>"
                rest = rest[range.upperBound...]
            }
            return result + rest
        }
    }
}

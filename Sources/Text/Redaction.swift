// Hides secrets in a text.

extension StringProtocol {
    /// The text without secrets, should a server repeat them: each is replaced by `<redacted>`.
    package func redacting(_ secrets: some Sequence<String>) -> String {
        // The longest first, so that no end of one is left behind.
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

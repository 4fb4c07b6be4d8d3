// The `key:value key:value` lines of which headers and payloads are made.

/// A set of `key:value` tokens, separated by blanks.
///
/// Each is split at its first colon, so that a value may hold more of them. A word without a colon
/// belongs to the value before it: names with a blank in them, which supervisord 4 forbids and
/// others do not, survive that way. Tokens that nobody knows are kept. Source: Supervisor manual,
/// "Event Listener Notification Protocol".
public struct TokenSet: Hashable, Sendable {
    private struct Token: Hashable {
        let key: String
        var value: String
    }

    /// A handful, so that looking through them costs less than a table.
    private var tokens: [Token] = []

    /// Reads a line of tokens.
    ///
    /// - Parameter line: The line, without its end.
    public init(_ line: some StringProtocol) {
        tokens.reserveCapacity(8)
        for word in line.utf8.split(separator: UInt8(ascii: " ")) {
            if let colon = word.firstIndex(of: UInt8(ascii: ":")) {
                let key = String(decoding: word[..<colon], as: UTF8.self)
                let value = String(decoding: word[word.index(after: colon)...], as: UTF8.self)
                tokens.removeAll { $0.key == key }
                tokens.append(Token(key: key, value: value))
            } else if let last = tokens.indices.last {
                tokens[last].value += " " + String(decoding: word, as: UTF8.self)
            }
        }
    }

    /// A token's value.
    ///
    /// - Parameter key: The text before the colon.
    public subscript(key: String) -> String? {
        tokens.first { $0.key == key }?.value
    }

    /// A token's value as a whole number.
    ///
    /// - Parameter key: The text before the colon.
    /// - Returns: The number; nothing if the token is absent or is no decimal number.
    public func number(_ key: String) -> Int? {
        self[key].flatMap { Int($0) }
    }
}

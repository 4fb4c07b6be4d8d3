// The `key:value key:value` lines of which headers and payloads are made.

/// A set of `key:value` tokens, separated by blanks.
///
/// Each is split at its first colon, so that a value may hold more of them. A word without a colon
/// belongs to the value before it: names with a blank in them, which supervisord 4 forbids and
/// others do not, survive that way. Tokens that nobody knows are kept. Source: Supervisor manual,
/// "Event Listener Notification Protocol".
public struct TokenSet: Hashable, Sendable {
    private var values: [String: String] = [:]

    /// Reads a line of tokens.
    ///
    /// - Parameter line: The line, without its end.
    public init(_ line: some StringProtocol) {
        var last: Substring?
        for word in line.split(separator: " ") {
            let word = Substring(word)
            if let colon = word.firstIndex(of: ":") {
                let key = word[..<colon]
                values[String(key)] = String(word[word.index(after: colon)...])
                last = key
            } else if let last {
                values[String(last), default: ""] += " " + word
            }
        }
    }

    /// A token's value.
    ///
    /// - Parameter key: The text before the colon.
    public subscript(key: String) -> String? {
        values[key]
    }

    /// A token's value as a whole number.
    ///
    /// - Parameter key: The text before the colon.
    /// - Returns: The number; nothing if the token is absent or is no decimal number.
    public func number(_ key: String) -> Int? {
        values[key].flatMap { Int($0) }
    }
}

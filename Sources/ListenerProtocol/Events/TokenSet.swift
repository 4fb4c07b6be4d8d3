// The `key:value key:value` lines of which headers and payloads are made.

/// A set of `key:value` tokens, separated by blanks.
///
/// Each is split at its first colon, so that a value may hold more of them. A word without a colon
/// belongs to the value before it: names with a blank in them, which supervisord 4 forbids and
/// others do not, survive that way. Tokens that nobody knows are kept. Source: Supervisor manual,
/// "Event Listener Notification Protocol".
///
/// Most tokens of most events are never looked at, so that only their places are noted and text is
/// made of those that are.
public struct TokenSet: Hashable, Sendable {
    private struct Token: Hashable {
        let key: Range<Int>
        var value: Range<Int>
    }

    private let line: [UInt8]
    private var tokens: [Token] = []

    /// Reads a line of tokens.
    ///
    /// - Parameter line: The line's bytes, without its end.
    public init(_ line: [UInt8]) {
        self.line = line
        tokens.reserveCapacity(8)
        var start = 0
        var colon: Int?
        for index in 0...line.count {
            let isEnd = index == line.count || line[index] == UInt8(ascii: " ")
            if isEnd {
                add(word: start..<index, colon: colon)
                start = index + 1
                colon = nil
            } else if colon == nil && line[index] == UInt8(ascii: ":") {
                colon = index
            }
        }
    }

    private mutating func add(word: Range<Int>, colon: Int?) {
        if let colon {
            tokens.append(Token(key: word.lowerBound..<colon, value: colon + 1..<word.upperBound))
        } else if let last = tokens.indices.last, !word.isEmpty {
            tokens[last].value = tokens[last].value.lowerBound..<word.upperBound
        }
    }

    /// All tokens; of several with the same key the last one counts.
    public var values: [String: String] {
        let pairs = tokens.map { token in
            (
                String(decoding: line[token.key], as: UTF8.self),
                String(decoding: line[token.value], as: UTF8.self)
            )
        }
        return Dictionary(pairs) { $1 }
    }

    /// A token's value; what is not UTF-8 in it becomes U+FFFD.
    ///
    /// - Parameter key: The text before the colon.
    public subscript(key: String) -> String? {
        bytes(key).map { String(decoding: $0, as: UTF8.self) }
    }

    /// A token's value as a whole number.
    ///
    /// - Parameter key: The text before the colon.
    /// - Returns: The number; nothing if the token is absent or is no decimal number.
    public func number(_ key: String) -> Int? {
        guard var digits = bytes(key), let first = digits.first else { return nil }
        let isNegative = first == UInt8(ascii: "-")
        if isNegative { digits.removeFirst() }
        guard !digits.isEmpty else { return nil }
        var number = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            let (tens, isTooLarge) = number.multipliedReportingOverflow(by: 10)
            let (sum, isStillTooLarge) = tens.addingReportingOverflow(Int(digit) - 48)
            guard !isTooLarge && !isStillTooLarge else { return nil }
            number = sum
        }
        return isNegative ? -number : number
    }

    /// A token's value; of several with the same key the last one counts.
    private func bytes(_ key: String) -> ArraySlice<UInt8>? {
        var key = key
        return key.withUTF8 { key in
            for token in tokens.reversed() where token.key.count == key.count {
                if unsafe line[token.key].elementsEqual(key) { return line[token.value] }
            }
            return nil
        }
    }
}

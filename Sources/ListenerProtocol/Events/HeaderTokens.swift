internal import Text

/// A line of `key:value` tokens, separated by spaces.
///
/// Each token is split at its first colon, so values may contain colons. A word without a colon is
/// part of the preceding value, which preserves names with spaces: supervisord 4 rejects them,
/// other versions do not. Unknown tokens are kept. Source: Supervisor manual, "Event Listener
/// Notification Protocol".
///
/// Most tokens are never read, so only their positions are stored and texts are created on access.
public struct HeaderTokens: Hashable, Sendable {
    private struct Token: Hashable {
        let key: Range<Int>
        var value: Range<Int>
    }

    private let line: [UInt8]
    private var tokens: [Token] = []

    /// Parses a line of tokens.
    ///
    /// - Parameter line: The line's bytes, without the line feed.
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

    /// All tokens; if a key occurs more than once, the last value counts.
    public var values: [String: String] {
        let pairs = tokens.map { token in
            (
                String(decoding: line[token.key], as: UTF8.self),
                String(decoding: line[token.value], as: UTF8.self)
            )
        }
        return Dictionary(pairs) { $1 }
    }

    /// A token's value; invalid UTF-8 becomes U+FFFD.
    ///
    /// - Parameter key: The text before the colon.
    public subscript(key: String) -> String? {
        bytes(key).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Returns a token's value as an integer.
    ///
    /// - Parameter key: The text before the colon.
    /// - Returns: The number; nil if the token is missing or not a decimal number.
    public func number(_ key: String) -> Int? {
        guard var digits = bytes(key), let first = digits.first else { return nil }
        let isNegative = first == UInt8(ascii: "-")
        if isNegative { digits.removeFirst() }
        guard !digits.isEmpty else { return nil }
        var number = 0
        for digit in digits {
            guard digit.isASCIIDigit else { return nil }
            let (tens, isTooLarge) = number.multipliedReportingOverflow(by: 10)
            let (sum, isStillTooLarge) = tens.addingReportingOverflow(Int(digit) - 48)
            guard !isTooLarge && !isStillTooLarge else { return nil }
            number = sum
        }
        return isNegative ? -number : number
    }

    /// A token's value; if the key occurs more than once, the last value counts.
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

internal import CLinux
internal import Text

/// An extended regular expression, as in `grep -E` (POSIX.1-2017, XBD 9.4).
///
/// It is matched line by line: `^` and `$` match at the ends of a line.
struct RegularExpression: Hashable, CustomStringConvertible {
    /// The expression as written.
    let description: String

    /// The maximum size in bytes; longer ones can exhaust glibc's stack.
    static let limit = 1_000

    /// The limit of the product of all repetitions.
    private static let repetitionLimit = 10_000

    /// Compiles an expression.
    ///
    /// - Parameter text: The expression.
    /// - Throws: `RegularExpressionError` with glibc's message.
    init(_ text: String) throws(RegularExpressionError) {
        guard text.utf8.count <= Self.limit else {
            throw RegularExpressionError(reason: "it has more than \(Self.limit) bytes")
        }
        guard Self.copies(text) <= Self.repetitionLimit else {
            throw RegularExpressionError(reason: "it repeats a part too often")
        }
        if let escape = Self.unknownEscape(in: text) {
            throw RegularExpressionError(reason: escape)
        }
        var message = [CChar](repeating: 0, count: 200)
        let code = unsafe clinux_regex_fault(text, &message, message.count)
        guard code == 0 else {
            let words = message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
            throw RegularExpressionError(reason: String(decoding: words, as: UTF8.self))
        }
        description = text
    }

    /// Returns whether a text matches.
    ///
    /// An expression with many alternatives can take very long; run this in a separate process if
    /// time is limited.
    ///
    /// - Parameter bytes: The text.
    /// - Returns: Whether it matches; nil when glibc is out of memory.
    func isFound(in bytes: [UInt8]) -> Bool? {
        let code = unsafe bytes.withUnsafeBytes { buffer in
            unsafe clinux_regex_find(description, buffer.baseAddress, buffer.count)
        }
        return code < 0 ? nil : code == 1
    }

    /// The first backslash that does not mean what it means in other regular expressions.
    ///
    /// regcomp(3) takes an unknown letter after a backslash for the letter, and a backslash in
    /// brackets for itself, so that `\d` would never match a digit.
    ///
    /// - Returns: What to write instead; nil if there is none.
    private static func unknownEscape(in text: String) -> String? {
        var isEscaped = false
        var isInBrackets = false
        for byte in text.utf8 {
            if isEscaped, byte.isASCIILetter, isInBrackets || !"wWsSbB".utf8.contains(byte) {
                let escape = "\\" + String(Unicode.Scalar(byte))
                let substitute = (isInBrackets ? inBrackets : outside)[escape]
                let fault =
                    isInBrackets ? "there is no \(escape) in brackets" : "there is no \(escape)"
                return fault + (substitute.map { "; write \($0)" } ?? "")
            }
            switch byte {
            case UInt8(ascii: "\\") where !isEscaped:
                isEscaped = true
                continue
            case UInt8(ascii: "[") where !isEscaped: isInBrackets = true
            case UInt8(ascii: "]") where !isEscaped || isInBrackets: isInBrackets = false
            default: break
            }
            isEscaped = false
        }
        return nil
    }

    private static let outside = ["\\d": "[0-9]", "\\D": "[^0-9]"]
    private static let inBrackets = ["\\d": "0-9", "\\w": "[:alnum:]_", "\\s": "[:space:]"]

    /// The product of all upper bounds in braces: glibc copies a part as often as it is repeated.
    private static func copies(_ text: String) -> Int {
        var product = 1
        var number = 0
        var largest = 1
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                number = min(number * 10 + Int(byte - UInt8(ascii: "0")), repetitionLimit + 1)
                largest = max(largest, number)
            case UInt8(ascii: ","): number = 0
            case UInt8(ascii: "}"):
                product = min(product * largest, repetitionLimit + 1)
                (number, largest) = (0, 1)
            default: (number, largest) = (0, 1)
            }
        }
        return product
    }
}

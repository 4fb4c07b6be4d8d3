// A regular expression of glibc's.

internal import CLinux

/// An extended regular expression, as `grep -E` has them (POSIX.1-2017, XBD 9.4).
///
/// It is matched line by line: `^` and `$` are the ends of a line.
struct RegularExpression: Hashable, CustomStringConvertible {
    /// The expression as it was written.
    let description: String

    /// How many bytes an expression may have; longer ones can exhaust glibc's stack.
    static let limit = 1_000

    /// How often the repetitions of an expression may copy a part of it, taken together.
    private static let repetitionLimit = 10_000

    /// Reads an expression.
    ///
    /// - Parameter text: The expression.
    /// - Throws: `RegularExpressionError` in glibc's words.
    init(_ text: String) throws(RegularExpressionError) {
        guard text.utf8.count <= Self.limit else {
            throw RegularExpressionError(reason: "it has more than \(Self.limit) bytes")
        }
        guard Self.copies(text) <= Self.repetitionLimit else {
            throw RegularExpressionError(reason: "it repeats a part too often")
        }
        var message = [CChar](repeating: 0, count: 200)
        let code = unsafe clinux_regex_fault(text, &message, message.count)
        guard code == 0 else {
            let words = message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
            throw RegularExpressionError(reason: String(decoding: words, as: UTF8.self))
        }
        description = text
    }

    /// Whether a text has it.
    ///
    /// An expression with many alternatives can take long; whoever has no time runs this in a
    /// process of its own.
    ///
    /// - Parameter bytes: The text.
    /// - Returns: Whether it is found; nil when glibc has no memory for it.
    func isFound(in bytes: [UInt8]) -> Bool? {
        let code = unsafe bytes.withUnsafeBytes { buffer in
            unsafe clinux_regex_find(description, buffer.baseAddress, buffer.count)
        }
        return code < 0 ? nil : code == 1
    }

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

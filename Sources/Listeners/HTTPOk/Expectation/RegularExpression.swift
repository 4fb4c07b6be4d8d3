internal import CLinux

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

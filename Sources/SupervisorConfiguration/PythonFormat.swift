internal import Glibc
internal import Text

/// The format after a name in `%(name)02d` (Python library reference, "printf-style String
/// Formatting").
struct PythonFormat {
    private var flags = ""
    private var width = 0
    private var precision: Int?
    private let kind: Character

    /// The maximum width and precision.
    private static let limit = 1_000

    /// Parses a format.
    ///
    /// - Parameter rest: The text, from which the format is removed. Returns nil if it begins with
    ///   none.
    init?(_ rest: inout ArraySlice<UInt8>) {
        while let byte = rest.first, "#0- +".utf8.contains(byte) {
            rest.removeFirst()
            flags.append(Character(Unicode.Scalar(byte)))
        }
        width = Self.number(&rest) ?? 0
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            precision = Self.number(&rest) ?? 0
        }
        // A size, which Python ignores.
        if let size = rest.first, "hlL".utf8.contains(size) { rest.removeFirst() }
        guard let kind = rest.popFirst(), "diouxXeEfFgGcrsa".utf8.contains(kind) else {
            return nil
        }
        self.kind = Character(Unicode.Scalar(kind))
    }

    private static func number(_ rest: inout ArraySlice<UInt8>) -> Int? {
        let digits = rest.prefix(while: \.isASCIIDigit)
        rest = rest.dropFirst(digits.count)
        guard !digits.isEmpty else { return nil }
        return min(Self.limit, Int(String(decoding: digits, as: UTF8.self)) ?? Self.limit)
    }

    /// Formats a text.
    ///
    /// - Parameter text: The text.
    /// - Returns: The result; nil if the format is one for numbers.
    func apply(to text: String) -> String? {
        switch kind {
        case "s": padded(text.unicodeScalars.prefix(precision ?? .max))
        case "r", "a": padded(text.pythonLiteral.unicodeScalars.prefix(precision ?? .max))
        case "c" where text.unicodeScalars.count == 1: padded(text.unicodeScalars[...])
        default: nil
        }
    }

    /// Formats a number.
    ///
    /// - Parameter number: The number.
    /// - Returns: The result.
    func apply(to number: Int) -> String {
        switch kind {
        case "s", "r", "a": padded("\(number)".unicodeScalars.prefix(precision ?? .max))
        case "c":
            padded(
                (UInt32(exactly: number).flatMap(Unicode.Scalar.init).map(String.init) ?? "")
                    .unicodeScalars[...])
        case "e", "E", "f", "F", "g", "G": printed("\(kind)", Double(number))
        case "o", "x", "X": printed("l\(kind)", number)
        default: printed("ld", number)
        }
    }

    private func padded(_ text: Substring.UnicodeScalarView) -> String {
        let spaces = String(repeating: " ", count: max(0, width - text.count))
        return flags.contains("-") ? "\(Substring(text))\(spaces)" : "\(spaces)\(Substring(text))"
    }

    /// The C library formats numbers like Python.
    private func printed(_ type: String, _ value: any CVarArg) -> String {
        let format = "%\(flags)\(width > 0 ? "\(width)" : "")\(precision.map { ".\($0)" } ?? "")"
        var buffer = [CChar](repeating: 0, count: 2 * Self.limit)
        let count = unsafe withVaList([value]) { list in
            unsafe vsnprintf(&buffer, buffer.count, "\(format)\(type)", list)
        }
        return String(
            decoding: buffer.prefix(max(0, Int(count))).map { UInt8(bitPattern: $0) },
            as: UTF8.self)
    }
}

/// A header field, safe from injection.
///
/// It is always written as one field: line ends, control characters and colons in its name and
/// value are removed.
public struct HeaderField: Sendable, Hashable {
    /// The name, printable ASCII without a colon (RFC 5322, section 2.2).
    public let name: String

    /// The encoded value, not folded.
    public let value: String

    /// Creates a header field from text.
    ///
    /// Each control character becomes a space, CR LF a single one, and those at the ends are
    /// removed. Text that a header cannot represent becomes encoded-words (RFC 2047).
    ///
    /// - Parameters:
    ///   - name: The name; invalid characters become hyphens, and it is truncated after 64.
    ///     `X-Header` replaces an empty name.
    ///   - text: The value, in any characters.
    public init(name: String, text: String) {
        let clean = Self.withoutControls(text)
        let isNeeded = HeaderEncoding.isNeeded(for: clean)
        let value = isNeeded ? HeaderEncoding.encodedWords(clean, in: .text) : clean
        self.init(name: name, encoded: value)
    }

    /// Creates a header field from an encoded value without control characters and words that are
    /// too long.
    init(name: String, encoded value: String) {
        let bytes = name.utf8.prefix(64).map { byte in
            (0x21...0x7E).contains(byte) && byte != UInt8(ascii: ":") ? byte : UInt8(ascii: "-")
        }
        self.name = bytes.isEmpty ? "X-Header" : String(decoding: bytes, as: UTF8.self)
        self.value = value
    }

    /// The field with its line end, folded before spaces so that lines have at most 78 octets, or
    /// 76 with encoded-words.
    ///
    /// No folded line consists of spaces only (RFC 5322, sections 2.1.1 and 2.2.3).
    var folded: [UInt8] {
        let limit = value.utf8.contains(UInt8(ascii: "?")) ? 76 : 78
        let blank = UInt8(ascii: " ")
        var result = Array(name.utf8) + [UInt8(ascii: ":")]
        var lineLength = result.count
        var rest = Array(value.utf8)[...]
        var isFirst = true
        while !rest.isEmpty {
            let blanks = rest.prefix { $0 == blank }
            let word = rest[blanks.endIndex...].prefix { $0 != blank }
            rest = rest[word.endIndex...]
            // The space after the colon belongs to the name, all others to the value.
            let chunk = (isFirst ? [blank] : []) + blanks + word
            if !isFirst && !word.isEmpty && lineLength + chunk.count > limit {
                result.append(UInt8(ascii: "\n"))
                lineLength = 0
            }
            result += chunk
            lineLength += chunk.count
            isFirst = false
        }
        result.append(UInt8(ascii: "\n"))
        return result
    }

    private static func withoutControls(_ text: String) -> String {
        var scalars = Array(text.unicodeScalars)[...]
        while let first = scalars.first, first.isControl { scalars.removeFirst() }
        while let last = scalars.last, last.isControl { scalars.removeLast() }
        var clean = String.UnicodeScalarView()
        var previous: Unicode.Scalar = " "
        for scalar in scalars {
            if !(scalar == "\n" && previous == "\r") {
                clean.append(scalar.isControl ? " " : scalar)
            }
            previous = scalar
        }
        return String(clean)
    }
}

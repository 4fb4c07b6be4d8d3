// One header of a mail, which can never become two.

/// One header of a mail, which can never become two.
///
/// Whatever its name and value are made of, it is written as one field: no line end, control
/// character or colon in them gets through.
public struct HeaderField: Sendable, Hashable {
    /// The name, printable ASCII without a colon (RFC 5322, section 2.2).
    public let name: String

    /// The value as it stands in the message, encoded where it must be, not yet folded.
    public let value: String

    /// A header with free text as its value.
    ///
    /// Each control character becomes a blank, CR LF a single one, and those at the ends are
    /// dropped. Text that a header cannot carry as it is becomes encoded-words (RFC 2047).
    ///
    /// - Parameters:
    ///   - name: The name; a character no name may have becomes a hyphen, and all beyond 64 are
    ///     cut off. `X-Header` stands for an empty one.
    ///   - text: The value, in any characters.
    public init(name: String, text: String) {
        let clean = Self.withoutControls(text)
        let isNeeded = HeaderEncoding.isNeeded(for: clean)
        let value = isNeeded ? HeaderEncoding.encodedWords(clean, in: .text) : clean
        self.init(name: name, encoded: value)
    }

    /// A header whose value is known to hold no control character and no word too long to fold.
    init(name: String, encoded value: String) {
        let bytes = name.utf8.prefix(64).map { byte in
            (0x21...0x7E).contains(byte) && byte != UInt8(ascii: ":") ? byte : UInt8(ascii: "-")
        }
        self.name = bytes.isEmpty ? "X-Header" : String(decoding: bytes, as: UTF8.self)
        self.value = value
    }

    /// The field with a line end, folded before blanks so that lines keep to 78 octets, or to 76
    /// with encoded-words, as far as there are blanks.
    ///
    /// No folded line consists of blanks alone. RFC 5322, sections 2.1.1 and 2.2.3.
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
            // The blank after the colon belongs to the name, every other to the value.
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

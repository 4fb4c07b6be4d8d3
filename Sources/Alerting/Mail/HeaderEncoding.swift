internal import Curl
internal import Text

/// Encoded-words: text beyond ASCII in headers (RFC 2047).
///
/// The charset is always UTF-8.
enum HeaderEncoding {
    /// The position of an encoded-word, which determines its allowed characters.
    enum Place {
        /// In unstructured text, such as a subject (RFC 2047, section 5, rule 1).
        case text
        /// In the name before an address (RFC 2047, section 5, rule 3).
        case phrase
    }

    /// The maximum length of an encoded-word.
    ///
    /// RFC 2047, section 2, allows 75, and 76 for the line; with 65 a word fits after the name of
    /// any of our headers, so that no header begins with an empty line.
    static let maximumWordLength = 65

    /// The maximum length of an unencoded word, including the spaces before it.
    ///
    /// A word cannot be folded, and a line is limited to 998 octets (RFC 5322, section 2.1.1); the
    /// rest is reserved for the header's name and for relays.
    static let maximumPlainLength = 900

    private static let prefixLength = "=?utf-8?q?".utf8.count
    private static let suffixLength = "?=".utf8.count

    /// Returns whether a text must be encoded.
    ///
    /// That is the case if it is not ASCII, looks like an encoded-word, has a word that is too long
    /// for a line, or begins or ends with spaces, which would be lost.
    ///
    /// - Parameter text: A text without control characters.
    /// - Returns: Whether it must be encoded.
    static func isNeeded(for text: String) -> Bool {
        var wordLength = 0
        var previous: UInt8 = 0
        for byte in text.utf8 {
            if byte >= 0x80 { return true }
            if byte == UInt8(ascii: "?") && previous == UInt8(ascii: "=") { return true }
            let isWordEnd = byte == UInt8(ascii: " ") && previous != UInt8(ascii: " ")
            wordLength = isWordEnd ? 1 : wordLength + 1
            if wordLength > maximumPlainLength { return true }
            previous = byte
        }
        return text.utf8.first == UInt8(ascii: " ") || previous == UInt8(ascii: " ")
    }

    /// Encodes a text as encoded-words, in the shorter of the two encodings.
    ///
    /// Every word has whole characters (RFC 2047, section 5), and decoding removes the spaces
    /// between adjacent words (section 6.2), so the text is preserved.
    ///
    /// - Parameters:
    ///   - text: A text without control characters.
    ///   - place: The position in the header.
    /// - Returns: The words, separated by spaces.
    static func encodedWords(_ text: String, in place: Place) -> String {
        let quoted = words(text, named: "q", payloadLength: { qLength($0, in: place) }) { bytes in
            bytes.map { qText($0, in: place) }.joined()
        }
        let base64 = words(text, named: "b", payloadLength: nil) { bytes in
            String(decoding: Base64.encode(bytes), as: UTF8.self)
        }
        return base64.utf8.count < quoted.utf8.count ? base64 : quoted
    }

    /// Splits a text into words.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - encoding: The letter of the encoding.
    ///   - payloadLength: The encoded length of one byte; nil for base64, which encodes three bytes
    ///     as four.
    ///   - encode: Encodes the bytes of one word.
    /// - Returns: The words, separated by spaces.
    private static func words(
        _ text: String, named encoding: String, payloadLength: ((UInt8) -> Int)?,
        encode: ([UInt8]) -> String
    ) -> String {
        let capacity = maximumWordLength - prefixLength - suffixLength
        var words: [String] = []
        var bytes: [UInt8] = []
        var length = 0
        for scalar in text.unicodeScalars {
            let character = Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            var added = 0
            var isFull = false
            if let payloadLength {
                added = character.reduce(0) { $0 + payloadLength($1) }
                isFull = length + added > capacity
            } else {
                isFull = (bytes.count + character.count + 2) / 3 * 4 > capacity
            }
            if isFull {
                words.append("=?utf-8?\(encoding)?\(encode(bytes))?=")
                bytes.removeAll(keepingCapacity: true)
                length = 0
            }
            bytes += character
            length += added
        }
        words.append("=?utf-8?\(encoding)?\(encode(bytes))?=")
        return words.joined(separator: " ")
    }

    private static func qLength(_ byte: UInt8, in place: Place) -> Int {
        byte == UInt8(ascii: " ") || isPlain(byte, in: place) ? 1 : 3
    }

    private static func qText(_ byte: UInt8, in place: Place) -> String {
        if byte == UInt8(ascii: " ") { return "_" }
        if isPlain(byte, in: place) { return String(UnicodeScalar(byte)) }
        let digits = QuotedPrintableEncoding.hexDigits
        let high = UnicodeScalar(digits[Int(byte >> 4)])
        let low = UnicodeScalar(digits[Int(byte & 15)])
        return "=\(high)\(low)"
    }

    private static func isPlain(_ byte: UInt8, in place: Place) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "!"), UInt8(ascii: "*"),
            UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "/"):
            return true
        case UInt8(ascii: "="), UInt8(ascii: "?"), UInt8(ascii: "_"):
            return false
        default:
            return place == .text && (0x21...0x7E).contains(byte)
        }
    }
}

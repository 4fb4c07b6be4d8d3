internal import Curl
internal import Text

/// The transfer encoding base64, with lines of 76 characters (RFC 2045, section 6.8).
enum Base64Encoding {
    private static let lineLength = 76

    /// The size of the encoded form, including line ends.
    static func encodedLength(_ count: Int) -> Int {
        let length = (count + 2) / 3 * 4
        return length + (length + lineLength - 1) / lineLength
    }

    /// Encodes bytes; each line ends with LF.
    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        let characters = Base64.encode(bytes)
        var result: [UInt8] = []
        result.reserveCapacity(encodedLength(bytes.count))
        for start in stride(from: 0, to: characters.count, by: lineLength) {
            result += characters[start..<min(start + lineLength, characters.count)]
            result.append(UInt8(ascii: "\n"))
        }
        return result
    }
}

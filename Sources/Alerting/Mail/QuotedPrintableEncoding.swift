/// The transfer encoding quoted-printable (RFC 2045, section 6.7).
enum QuotedPrintableEncoding {
    /// The digits of an encoded byte: upper case, by rule 1.
    static let hexDigits = Array("0123456789ABCDEF".utf8)

    /// The maximum length of a line without its end, by rule 5.
    private static let maximumLineLength = 76

    /// Encodes lines.
    ///
    /// In addition to the five rules, a line that would be a lone dot or begin with `From ` is
    /// encoded (RFC 2049, section 3).
    ///
    /// - Parameters:
    ///   - lines: Bytes with LF as line ends.
    ///   - limit: The maximum size of the result in octets.
    /// - Returns: The encoded lines with LF as line ends, or nil when they exceed the limit.
    static func encode(_ lines: [UInt8], upTo limit: Int) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(min(limit, lines.count + lines.count / 8) + maximumLineLength)
        var column = 0
        for index in lines.indices {
            let byte = lines[index]
            if byte == UInt8(ascii: "\n") {
                result.append(byte)
                column = 0
                continue
            }
            let isLast = index + 1 == lines.count || lines[index + 1] == UInt8(ascii: "\n")
            let room = isLast ? maximumLineLength : maximumLineLength - 1
            var isPlain = isPlain(byte, isLast: isLast)
            if column + (isPlain ? 1 : 3) > room {
                // A soft line break, by rule 5.
                result.append(UInt8(ascii: "="))
                result.append(UInt8(ascii: "\n"))
                column = 0
                guard result.count <= limit else { return nil }
            }
            if column == 0, isPlain { isPlain = !isDangerous(lines, at: index, isLast: isLast) }
            if isPlain {
                result.append(byte)
                column += 1
            } else {
                result.append(UInt8(ascii: "="))
                result.append(hexDigits[Int(byte >> 4)])
                result.append(hexDigits[Int(byte & 15)])
                column += 3
            }
        }
        return result.count <= limit ? result : nil
    }

    private static func isPlain(_ byte: UInt8, isLast: Bool) -> Bool {
        switch byte {
        // Spaces at the end of a line can be lost in transit, by rule 3.
        case UInt8(ascii: " "), UInt8(ascii: "\t"): !isLast
        case UInt8(ascii: "="): false
        default: (0x21...0x7E).contains(byte)
        }
    }

    /// Whether a line that begins at an index would be misinterpreted in transit.
    private static func isDangerous(_ lines: [UInt8], at index: Int, isLast: Bool) -> Bool {
        switch lines[index] {
        case UInt8(ascii: "."): isLast
        case UInt8(ascii: "F"): lines[index...].starts(with: "From ".utf8)
        default: false
        }
    }
}

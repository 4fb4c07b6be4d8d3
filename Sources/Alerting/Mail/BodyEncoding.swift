// How the text of a mail travels: as it is when every relay lets it, else encoded.

/// How the text of a mail travels.
///
/// The raw value is what the header `Content-Transfer-Encoding` says (RFC 2045, section 6).
enum BodyEncoding: String {
    /// As it is.
    case sevenBit = "7bit"
    /// With `=XX` for what is not plain ASCII.
    case quotedPrintable = "quoted-printable"
    /// Four characters for each three bytes.
    case base64

    /// The longest line that travels as it is.
    ///
    /// RFC 5322, section 2.1.1, allows 998 octets; a relay may add a few.
    private static let maximumLineLength = 990

    /// Encodes a text in the first of the ways that fits: as it is, or in the shorter of the two
    /// encodings.
    ///
    /// - Parameter body: The text; LF or CR LF end its lines, a lone CR is data.
    /// - Returns: The way, and the encoded text with LF as line ends, the last line ended.
    static func encode(_ body: String) -> (encoding: BodyEncoding, bytes: [UInt8]) {
        let lines = withLineFeeds(body)
        if travelsAsIs(lines) { return (.sevenBit, lines) }
        // Base64 encodes the canonical form of text, in which CR LF ends lines (RFC 2045, 6.8).
        let canonical = withCarriageReturns(lines)
        let base64Length = Base64Encoding.encodedLength(canonical.count)
        if let quoted = QuotedPrintableEncoding.encode(lines, upTo: base64Length) {
            return (.quotedPrintable, quoted)
        }
        return (.base64, Base64Encoding.encode(canonical))
    }

    /// The bytes with CR LF for every LF.
    ///
    /// - Parameter bytes: Bytes with LF as line ends.
    /// - Returns: The bytes as SMTP takes them.
    static func withCarriageReturns(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 32)
        for byte in bytes {
            if byte == UInt8(ascii: "\n") { result.append(UInt8(ascii: "\r")) }
            result.append(byte)
        }
        return result
    }

    /// The bytes of a text with LF for every CR LF, and one at the end of its last line.
    private static func withLineFeeds(_ body: String) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(body.utf8.count + 1)
        for byte in body.utf8 {
            if byte == UInt8(ascii: "\n") && result.last == UInt8(ascii: "\r") {
                result.removeLast()
            }
            result.append(byte)
        }
        if let last = result.last, last != UInt8(ascii: "\n") { result.append(UInt8(ascii: "\n")) }
        return result
    }

    /// Whether every relay and mailbox leaves these lines alone.
    private static func travelsAsIs(_ lines: [UInt8]) -> Bool {
        var start = 0
        for (index, byte) in lines.enumerated() {
            switch byte {
            case UInt8(ascii: "\n"):
                if !travelsAsIs(line: lines[start..<index]) { return false }
                start = index + 1
            case UInt8(ascii: "\t"), 0x20...0x7E: continue
            default: return false
            }
        }
        return true
    }

    private static func travelsAsIs(line: ArraySlice<UInt8>) -> Bool {
        // A lone dot ends the input of SMTP and of many a sendmail command, and mailbox files
        // begin a mail with "From " (RFC 2049, section 3).
        line.count <= maximumLineLength
            && !(line.count == 1 && line.first == UInt8(ascii: "."))
            && !line.starts(with: "From ".utf8)
    }
}

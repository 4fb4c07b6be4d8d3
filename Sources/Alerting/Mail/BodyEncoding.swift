/// The transfer encoding of a mail's body.
///
/// The raw value is that of the header `Content-Transfer-Encoding` (RFC 2045, section 6).
enum BodyEncoding: String {
    /// Unencoded.
    case sevenBit = "7bit"
    /// `=XX` for everything but plain ASCII.
    case quotedPrintable = "quoted-printable"
    /// Four characters for every three bytes.
    case base64

    /// The maximum length of an unencoded line.
    ///
    /// RFC 5322, section 2.1.1, allows 998 octets; a relay may add a few.
    private static let maximumLineLength = 990

    /// Encodes a text: unencoded if possible, otherwise in the shorter of the two encodings.
    ///
    /// - Parameter body: The text; lines end with LF or CR LF, and a lone CR is data.
    /// - Returns: The encoding, and the encoded text with LF as line ends, including the last one.
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

    /// Replaces every LF by CR LF.
    ///
    /// - Parameter bytes: Bytes with LF as line ends.
    /// - Returns: The bytes for SMTP.
    static func withCarriageReturns(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 32)
        for byte in bytes {
            if byte == UInt8(ascii: "\n") { result.append(UInt8(ascii: "\r")) }
            result.append(byte)
        }
        return result
    }

    /// Replaces every CR LF by LF, and adds one at the end.
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

    /// Whether relays and mailboxes preserve these lines.
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
        // A lone dot ends the input of SMTP and of many sendmail commands, and in mailbox files a
        // mail begins with "From " (RFC 2049, section 3).
        line.count <= maximumLineLength
            && !(line.count == 1 && line.first == UInt8(ascii: "."))
            && !line.starts(with: "From ".utf8)
    }
}

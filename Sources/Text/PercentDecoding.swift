// Percent-decoding for parts of URLs.

extension StringProtocol {
    /// The text with `%XX` decoded; invalid sequences are left as they are (RFC 3986, section 2.1).
    package var percentDecoded: String {
        var bytes: [UInt8] = []
        var rest = Array(utf8)[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            // Rejects `+` and `-`, which the integer parser would accept as a sign.
            let isNumber = rest.count >= 2 && rest.prefix(2).allSatisfy { $0 > UInt8(ascii: "-") }
            if byte == UInt8(ascii: "%"), isNumber, let value = UInt8(digits, radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

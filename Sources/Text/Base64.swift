/// Base64 with padding and without line ends (RFC 4648, section 4).
package enum Base64 {
    private static let digits = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// Encodes bytes.
    package static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity((bytes.count + 2) / 3 * 4)
        var rest = bytes[...]
        while let first = rest.popFirst() {
            let second = rest.popFirst()
            let third = rest.popFirst()
            let bits = Int(first) << 16 | Int(second ?? 0) << 8 | Int(third ?? 0)
            let padding = UInt8(ascii: "=")
            result.append(digits[bits >> 18])
            result.append(digits[bits >> 12 & 63])
            result.append(second == nil ? padding : digits[bits >> 6 & 63])
            result.append(third == nil ? padding : digits[bits & 63])
        }
        return result
    }

    /// Encodes the UTF-8 of a text.
    package static func encode(_ text: String) -> String {
        String(decoding: encode(Array(text.utf8)), as: UTF8.self)
    }
}

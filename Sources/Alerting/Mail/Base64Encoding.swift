// Base64: any bytes as plain ASCII, a third longer.

/// Base64: any bytes as plain ASCII, a third longer.
///
/// RFC 2045, section 6.8.
enum Base64Encoding {
    private static let digits = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// How long the encoded form of a number of bytes is, in lines of 76 with LF.
    ///
    /// - Parameter count: The number of bytes.
    /// - Returns: The number of characters and line ends.
    static func encodedLength(_ count: Int) -> Int {
        let length = (count + 2) / 3 * 4
        return length + (length + 75) / 76
    }

    /// Encodes bytes.
    ///
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - lineLength: After how many characters a line ends, a multiple of four; each line, the
    ///     last too, ends with LF. nil for one line without an end.
    /// - Returns: The characters and line ends.
    static func encode(_ bytes: [UInt8], lineLength: Int?) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(encodedLength(bytes.count))
        let padding = UInt8(ascii: "=")
        var column = 0
        var index = 0
        while index < bytes.count {
            let first = bytes[index]
            let second = index + 1 < bytes.count ? bytes[index + 1] : 0
            let third = index + 2 < bytes.count ? bytes[index + 2] : 0
            result.append(digits[Int(first >> 2)])
            result.append(digits[Int((first & 0x03) << 4 | second >> 4)])
            let hasSecond = index + 1 < bytes.count
            let hasThird = index + 2 < bytes.count
            result.append(hasSecond ? digits[Int((second & 0x0F) << 2 | third >> 6)] : padding)
            result.append(hasThird ? digits[Int(third & 0x3F)] : padding)
            index += 3
            column += 4
            if column == lineLength {
                result.append(UInt8(ascii: "\n"))
                column = 0
            }
        }
        if lineLength != nil && column > 0 { result.append(UInt8(ascii: "\n")) }
        return result
    }
}

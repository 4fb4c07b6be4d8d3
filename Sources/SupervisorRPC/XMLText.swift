/// The characters of XML 1.0.
enum XMLText {
    /// Whether a document may contain this character, directly or as a reference.
    ///
    /// XML 1.0, section 2.2, production `Char`.
    static func allows(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 9, 10, 13, 0x20...0xD7FF, 0xE000...0xFFFD, 0x1_0000...0x10_FFFF: true
        default: false
        }
    }

    /// Repairs characters that would make a parser fail.
    ///
    /// supervisord includes log output in its responses unchanged, for example with colour codes.
    /// Invalid UTF-8 becomes U+FFFD; characters that XML does not allow are omitted, and so are
    /// references to them.
    static func mended(_ bytes: [UInt8]) -> [UInt8] {
        guard !isPlain(bytes) else { return bytes }
        let text = Array(String(decoding: bytes, as: UTF8.self).utf8)
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte == UInt8(ascii: "&"), let end = endOfBadReference(text, index) {
                index = end
            } else if byte == 0xEF,
                text[index...].starts(with: [0xEF, 0xBF, 0xBE])
                    || text[index...].starts(with: [0xEF, 0xBF, 0xBF])
            {
                index += 3  // U+FFFE and U+FFFF
            } else {
                if byte >= 0x80 || allows(UInt32(byte)) { result.append(byte) }
                index += 1
            }
        }
        return result
    }

    /// Whether the bytes are ASCII that XML allows, without numeric references: the usual case.
    private static func isPlain(_ bytes: [UInt8]) -> Bool {
        var previous: UInt8 = 0
        for byte in bytes {
            if byte < 0x20 {
                guard byte == 10 || byte == 13 || byte == 9 else { return false }
            } else if byte >= 0x80 || byte == UInt8(ascii: "#") && previous == UInt8(ascii: "&") {
                return false
            }
            previous = byte
        }
        return true
    }

    /// The end of a reference such as `&#27;` or `&#x1b;` to a character that is not allowed.
    private static func endOfBadReference(_ text: [UInt8], _ start: Int) -> Int? {
        // The longest valid one is &#1114111;
        let reference = text[start...].prefix(12)
        guard reference.starts(with: "&#".utf8),
            let end = reference.firstIndex(of: UInt8(ascii: ";"))
        else { return nil }
        var digits = reference[(start + 2)..<end]
        let isHexadecimal = digits.first == UInt8(ascii: "x")
        if isHexadecimal { digits.removeFirst() }
        let number = UInt32(
            String(decoding: digits, as: UTF8.self), radix: isHexadecimal ? 16 : 10)
        guard let number, !allows(number) else { return nil }
        return end + 1
    }
}

// Reads encoded-words as a recipient's program does.

/// Reads encoded-words by the letter of RFC 2047: what it does not allow is a violation.
enum EncodedWords {
    /// Decodes the value of a field, unfolded; blanks between adjacent encoded-words vanish.
    static func decode(_ value: String) throws(Violation) -> String {
        var text: [UInt8] = []
        var blanks: [UInt8] = []
        var isAfterEncoded = false
        for word in value.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        {
            defer { blanks.append(UInt8(ascii: " ")) }
            guard !word.isEmpty else { continue }
            let decoded = try decode(word: Array(word))
            if !isAfterEncoded || decoded == nil { text += blanks }
            blanks = []
            text += decoded ?? Array(word)
            isAfterEncoded = decoded != nil
        }
        // One blank stands behind the last word only to end it.
        return String(decoding: text + blanks.dropLast(), as: UTF8.self)
    }

    /// What an encoded-word stands for; nothing if it is none.
    private static func decode(word: [UInt8]) throws(Violation) -> [UInt8]? {
        guard word.starts(with: "=?".utf8), word.count > 2 else { return nil }
        let shown = String(decoding: word, as: UTF8.self)
        let parts = word.dropFirst(2).dropLast(2)
            .split(separator: UInt8(ascii: "?"), omittingEmptySubsequences: false)
        guard word.suffix(2).elementsEqual("?=".utf8), parts.count == 3 else { return nil }
        // Section 2.
        try require(word.count <= 75, "an encoded-word of \(word.count) octets")
        try require(parts[0].elementsEqual("utf-8".utf8), "the charset of '\(shown)'")
        let bytes: [UInt8]
        switch String(decoding: parts[1], as: UTF8.self) {
        case "q": bytes = try quoted(parts[2])
        case "b": bytes = try base64(Array(parts[2]))
        default: throw Violation(description: "the encoding of '\(shown)'")
        }
        // Section 5: an encoded-word has whole characters.
        let isWhole = String(validating: bytes, as: UTF8.self) != nil
        try require(isWhole, "half a character in '\(shown)'")
        return bytes
    }

    /// Section 4.2.
    private static func quoted(_ text: ArraySlice<UInt8>) throws(Violation) -> [UInt8] {
        var result: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "_"): result.append(UInt8(ascii: " "))
            case UInt8(ascii: "="):
                result.append(try octet(rest.prefix(2)))
                rest = rest.dropFirst(2)
            default: result.append(byte)
            }
        }
        return result
    }

    /// Two hexadecimal digits in upper case.
    static func octet(_ digits: ArraySlice<UInt8>) throws(Violation) -> UInt8 {
        let text = String(decoding: digits, as: UTF8.self)
        let isUpper = digits.count == 2 && digits.allSatisfy("0123456789ABCDEF".utf8.contains)
        guard isUpper, let octet = UInt8(text, radix: 16) else {
            throw Violation(description: "'=\(text)' is no octet")
        }
        return octet
    }

    /// RFC 2045, section 6.8.
    static func base64(_ text: [UInt8]) throws(Violation) -> [UInt8] {
        let alphabet = Array(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        let digits = text.prefix { $0 != UInt8(ascii: "=") }
        let padding = text.count - digits.count
        try require(
            text.count.isMultiple(of: 4) && padding < 3
                && text.suffix(padding).allSatisfy { $0 == UInt8(ascii: "=") },
            "the padding of '\(String(decoding: text, as: UTF8.self))'")
        var result: [UInt8] = []
        var (bits, count) = (0, 0)
        for digit in digits {
            guard let value = alphabet.firstIndex(of: digit) else {
                throw Violation(description: "\(digit) is no digit of base64")
            }
            bits = (bits << 6 | value) & 0xFFFF
            count += 6
            if count >= 8 {
                count -= 8
                result.append(UInt8(truncatingIfNeeded: bits >> count))
            }
        }
        return result
    }

    /// Section 2: a line with an encoded-word has at most 76 octets, as far as a field's name
    /// leaves room for it.
    static func requireRoom(in line: String) throws(Violation) {
        let words = line.utf8.split(separator: UInt8(ascii: " "))
        // What merely looks like one, in a quoted name or an address for instance, is none.
        let isEncoded = words.contains { word in ((try? decode(word: Array(word))) ?? nil) != nil }
        guard line.utf8.count > 76, isEncoded else { return }
        let isLongName = words.count == 2 && words[0].last == UInt8(ascii: ":")
        try require(isLongName, "a line of \(line.utf8.count) octets with an encoded-word")
    }
}

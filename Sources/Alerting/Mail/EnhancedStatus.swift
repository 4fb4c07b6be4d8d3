internal import Text

/// Finds enhanced status codes (RFC 3463) in the error output of mail programs.
enum EnhancedStatus {
    /// Whether a text contains 5.2.3 or 5.3.4: the message is too large.
    ///
    /// The code must follow an SMTP reply code, as in `552 5.3.4` and `552-5.2.3`, or a number
    /// sign, as in `(#5.3.4)`. Elsewhere the same characters may be part of an address such as
    /// `10.5.3.4`.
    static func isAboutSize(in text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.indices.contains { index in
            let rest = bytes[index...]
            guard rest.starts(with: "5.2.3".utf8) || rest.starts(with: "5.3.4".utf8) else {
                return false
            }
            return !continues(rest.dropFirst(5)) && isIntroduced(bytes[..<index])
        }
    }

    /// Whether a number goes on, as a longer one or as an address.
    private static func continues(_ rest: ArraySlice<UInt8>) -> Bool {
        guard let first = rest.first else { return false }
        if first.isASCIIDigit { return true }
        return first == UInt8(ascii: ".") && rest.dropFirst().first.map(\.isASCIIDigit) == true
    }

    /// Whether a reply code with a separator, or a number sign, precedes.
    private static func isIntroduced(_ before: ArraySlice<UInt8>) -> Bool {
        guard let last = before.last else { return false }
        if last == UInt8(ascii: "#") { return true }
        guard last == UInt8(ascii: " ") || last == UInt8(ascii: "-") else { return false }
        let code = before.dropLast().suffix(3)
        return code.count == 3 && code.first == UInt8(ascii: "5") && code.allSatisfy(\.isASCIIDigit)
            && before.dropLast(4).last.map { !$0.isASCIIDigit && $0 != UInt8(ascii: ".") } ?? true
    }
}

// Percent-encoding for parts of URLs.

extension StringProtocol {
    /// The text with all but unreserved characters encoded as `%XX` (RFC 3986, section 2.3).
    package var percentEncoded: String {
        var text = ""
        for byte in utf8 {
            let scalar = UnicodeScalar(byte)
            if scalar.isASCII
                && (scalar.properties.isAlphabetic || "0123456789-._~".utf8.contains(byte))
            {
                text.unicodeScalars.append(scalar)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                text += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return text
    }
}

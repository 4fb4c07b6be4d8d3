// Parses header fields and URLs of web services.

internal import Alerting
internal import Curl

extension OptionValue {
    /// Parses a header field, `Name: value` (RFC 9110, section 5).
    ///
    /// - Returns: The field.
    /// - Throws: `UsageError` for anything else; it does not include the value, which may be
    ///   secret.
    func headerField() throws(UsageError) -> HTTPField {
        let parts = text.utf8.split(
            separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        let isName = parts[0].allSatisfy(Self.isTokenByte) && !parts[0].isEmpty
        let isClean = text.unicodeScalars.allSatisfy { $0 >= " " && $0 != "\u{7F}" }
        guard parts.count == 2, isName, isClean else {
            throw .invalidValue(name, expected: "a header field, 'Name: value'")
        }
        let value = OptionValue(name: name, text: String(Substring(parts[1]))).trimmed
        return HTTPField(String(Substring(parts[0])), String(value))
    }

    /// Whether a byte may be part of a token (RFC 9110, section 5.6.2).
    static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    /// Parses the URL of a web service.
    ///
    /// - Returns: The address.
    /// - Throws: `UsageError` for anything else; it does not include the value.
    func webAddress() throws(UsageError) -> WebAddress {
        let url = try webURL()
        return WebAddress(url: url.text, origin: url.origin)
    }
}

extension WebURL {
    /// The scheme, the host, and the port if it is not the default one (RFC 6454).
    var origin: String {
        let host = host.contains(":") ? "[\(host)]" : host
        let isStandard = port == (isSecure ? 443 : 80)
        return "\(isSecure ? "https" : "http")://\(host)\(isStandard ? "" : ":\(port)")"
    }
}

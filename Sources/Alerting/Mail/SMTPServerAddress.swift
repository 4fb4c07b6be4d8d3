internal import Curl
import Glibc
internal import Text

/// The address of an SMTP server, and whether TLS begins with the first byte.
public struct SMTPServerAddress: Sendable, Hashable {
    /// The host name or address; an IPv6 address without brackets.
    public let host: String

    /// The port, 1 to 65535.
    public let port: Int

    /// Whether TLS begins with the first byte (`smtps`, RFC 8314, section 3.3).
    ///
    /// Otherwise STARTTLS may begin it later.
    public let hasImplicitTLS: Bool

    /// This host's own server on port 25, superlance's default.
    public static let localhost = Self(host: "localhost", port: 25, hasImplicitTLS: false)

    private init(host: String, port: Int, hasImplicitTLS: Bool) {
        self.host = host
        self.port = port
        self.hasImplicitTLS = hasImplicitTLS
    }

    /// Parses an address.
    ///
    /// Supported are `host`, `host:port`, `[IPv6]:port`, an IPv6 address alone, and the first three
    /// after `smtp://` or `smtps://`, in any case. The default port is 25 (RFC 5321, section
    /// 4.5.4.2), with `smtps` 465 (RFC 8314, section 7.3).
    ///
    /// - Parameter text: The address.
    /// - Throws: `SMTPServerAddressError` for anything else.
    public init(_ text: String) throws(SMTPServerAddressError) {
        var rest = text[...]
        var hasImplicitTLS = false
        var hasScheme = false
        if let separator = text.firstRange(ofText: "://") {
            switch text[..<separator.lowerBound].lowercased() {
            case "smtp": hasImplicitTLS = false
            case "smtps": hasImplicitTLS = true
            default: throw .unknownScheme
            }
            hasScheme = true
            rest = text[separator.upperBound...]
        }
        if rest.utf8.contains(UInt8(ascii: "@")) { throw .userInformation }
        if rest.utf8.contains(where: { "/?#".utf8.contains($0) }) { throw .path }
        let defaultPort = hasImplicitTLS ? 465 : 25
        let (host, port): (Substring, Int)
        if !hasScheme && Self.isIPv6(rest) {
            (host, port) = (rest, defaultPort)
        } else {
            (host, port) = try Self.hostAndPort(rest, defaultPort: defaultPort)
        }
        self.init(host: String(host), port: port, hasImplicitTLS: hasImplicitTLS)
    }

    /// The address as a URL, such as `smtp://[::1]:25`.
    public var url: String {
        let scheme = hasImplicitTLS ? "smtps" : "smtp"
        return "\(scheme)://\(authority)"
    }

    private var authority: String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    private static func hostAndPort(
        _ text: Substring, defaultPort: Int
    ) throws(SMTPServerAddressError) -> (Substring, Int) {
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]"), isIPv6(text[..<end].dropFirst()) else {
                throw .badHost
            }
            let host = text[..<end].dropFirst()
            let rest = text[end...].dropFirst()
            if rest.isEmpty { return (host, defaultPort) }
            guard rest.first == ":" else { throw .badHost }
            return (host, try port(rest.dropFirst()))
        }
        let colon = text.firstIndex(of: ":")
        let host = text[..<(colon ?? text.endIndex)]
        guard !host.isEmpty else { throw .noHost }
        guard host.unicodeScalars.allSatisfy(isHostCharacter) else { throw .badHost }
        guard let colon else { return (host, defaultPort) }
        return (host, try port(text[colon...].dropFirst()))
    }

    private static func port(_ text: Substring) throws(SMTPServerAddressError) -> Int {
        let isNumber = text.utf8.allSatisfy(\.isASCIIDigit)
        guard isNumber, let port = Int(text), (1...65535).contains(port) else { throw .badPort }
        return port
    }

    /// Letters, digits, dots, hyphens and underscores; beyond ASCII, everything except spaces,
    /// controls, quotes and invisible characters.
    private static func isHostCharacter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", ".", "-", "_": true
        default:
            scalar.value >= 0x80 && !scalar.isControl && !scalar.properties.isWhitespace
                && !scalar.isTypographicQuote && !scalar.isInvisible
        }
    }

    /// Whether a text is an IPv6 address, with or without a zone.
    private static func isIPv6(_ text: Substring) -> Bool {
        let parts = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = parts.first, address.utf8.contains(UInt8(ascii: ":")) else {
            return false
        }
        if parts.count > 1 {
            guard !parts[1].isEmpty, parts[1].unicodeScalars.allSatisfy(isHostCharacter) else {
                return false
            }
        }
        guard !address.utf8.contains(0) else { return false }
        var binary = in6_addr()
        return unsafe inet_pton(AF_INET6, String(address), &binary) == 1
    }
}

extension SMTPServerAddress: CustomStringConvertible {
    /// Host and port, such as `localhost:25` or `smtps://[::1]:465`.
    public var description: String { hasImplicitTLS ? url : authority }
}

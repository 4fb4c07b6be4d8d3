// The address of a web page or service.

internal import Curl
import Glibc
internal import Text

/// The address of a web page or service: an `http` or `https` URL with a host.
///
/// It describes itself without user and password.
public struct WebURL: Sendable, Hashable {
    /// The URL as it was given; it may hold a password.
    public let text: String

    /// The URL without `user:password@`, fit for logs and mails.
    public let redacted: String

    /// Whether the scheme is `https`.
    public let isSecure: Bool

    /// The host; an IPv6 address stands without brackets.
    public let host: String

    /// The port, that of the scheme when none was given.
    public let port: Int

    /// Reads a URL: scheme in any case, host not empty, an IPv6 address in brackets, port 1 to
    /// 65535, and no blank or control character anywhere (RFC 3986, section 3).
    ///
    /// - Parameter text: The URL; nil comes of anything else.
    public init?(_ text: String) {
        let isClean = text.unicodeScalars.allSatisfy { scalar in
            !scalar.properties.isWhitespace && scalar.properties.generalCategory != .control
        }
        guard isClean, let separator = text.firstRange(ofText: "://") else { return nil }
        switch text[..<separator.lowerBound].lowercased() {
        case "http": isSecure = false
        case "https": isSecure = true
        default: return nil
        }
        let rest = text[separator.upperBound...]
        let authority = rest.prefix { !"/?#\\".contains($0) }
        // A backslash is a slash to some readers and not to others: which host is meant is open.
        guard rest[authority.endIndex...].first != "\\" else { return nil }
        let hostStart = authority.lastIndex(of: "@").map { authority.index(after: $0) }
        let hostAndPort = authority[(hostStart ?? authority.startIndex)...]
        guard let (host, port) = Self.hostAndPort(hostAndPort) else { return nil }
        self.text = text
        self.host = String(host)
        self.port = port ?? (isSecure ? 443 : 80)
        redacted = "\(text[..<separator.upperBound])\(rest[hostAndPort.startIndex...])"
    }

    /// A text without this URL's login, should somebody repeat it.
    ///
    /// - Parameter text: The text.
    /// - Returns: The text, with `<redacted>` in place of the login, of its password and of what
    ///   goes over the wire for it (RFC 7617).
    func hidingLogin(in text: String) -> String {
        let start = self.text.firstRange(ofText: "://")?.upperBound ?? self.text.startIndex
        let authority = self.text[start...].prefix { !"/?#\\".contains($0) }
        guard let at = authority.lastIndex(of: "@") else { return text }
        let login = String(authority[..<at])
        let password = String(login.drop { $0 != ":" }.dropFirst())
        let forms = [login, login.percentDecoded]
        let passwords = [password, password.percentDecoded]
        let secrets = forms.map(Base64.encode) + forms + passwords
        return text.redacting(secrets)
    }

    /// Scheme, host, port and path, by which the resource can be named: without the login, and
    /// without the query, which may hold a token.
    public var withoutQuery: String { String(redacted.prefix { $0 != "?" && $0 != "#" }) }

    /// What no host has; a delimiter shows up here when a combining character hides it.
    private static let forbidden = Set("[]<>\"{}|^`@:/?#\\".unicodeScalars)

    private static func hostAndPort(_ text: Substring) -> (host: Substring, port: Int?)? {
        var host = text.prefix { $0 != ":" }
        var rest = text[host.endIndex...]
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { return nil }
            host = text[..<end].dropFirst()
            rest = text[end...].dropFirst()
            var binary = in6_addr()
            let address = host.prefix { $0 != "%" }
            guard unsafe inet_pton(AF_INET6, String(address), &binary) == 1 else { return nil }
        } else if host.unicodeScalars.contains(where: forbidden.contains) {
            return nil
        }
        guard !host.isEmpty else { return nil }
        guard rest.first == ":" else { return rest.isEmpty ? (host, nil) : nil }
        let digits = rest.dropFirst()
        guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let port = Int(digits), (1...65535).contains(port)
        else { return nil }
        return (host, port)
    }
}

extension WebURL: CustomStringConvertible, CustomDebugStringConvertible {
    /// The URL without user and password.
    public var description: String { redacted }

    /// The URL without user and password.
    public var debugDescription: String { redacted }
}

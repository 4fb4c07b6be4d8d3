internal import Curl
import Glibc
internal import Text

/// The address of a web page or service: an `http` or `https` URL with a host.
///
/// Its description does not include credentials.
public struct WebURL: Sendable, Hashable {
    /// The URL as given; it may contain a password.
    public let text: String

    /// The URL without `user:password@`, for logs and mails.
    public let redacted: String

    /// Whether the scheme is `https`.
    public let isSecure: Bool

    /// The host; an IPv6 address without brackets.
    public let host: String

    /// The port; the default of the scheme if none was given.
    public let port: Int

    /// The credentials in the URL; nil without any.
    let login: Credentials?

    /// Whether the URL includes a port.
    let hasPort: Bool

    /// Parses a URL as strictly as libcurl: scheme in any case, a host of valid characters, an IPv6
    /// address in brackets, port 1 to 65535, at most one `@` before the host, and no spaces or
    /// control characters (RFC 3986, section 3).
    ///
    /// - Parameter text: The URL. Returns nil for anything else.
    public init?(_ text: String) {
        guard let url = try? WebURL(reading: text) else { return nil }
        self = url
    }

    /// Parses a URL as strictly as libcurl.
    ///
    /// - Parameter text: The URL.
    /// - Throws: `WebURLFault` with what to change.
    init(reading text: String) throws(WebURLFault) {
        let isClean = text.unicodeScalars.allSatisfy { scalar in
            !scalar.properties.isWhitespace && scalar.properties.generalCategory != .control
        }
        guard isClean else { throw .space }
        guard let separator = text.firstRange(ofText: "://") else { throw .form }
        switch text[..<separator.lowerBound].lowercased() {
        case "http": isSecure = false
        case "https": isSecure = true
        default: throw .form
        }
        let rest = text[separator.upperBound...]
        let authority = Self.authority(rest)
        // Some parsers treat a backslash as a slash and others do not, so the host would be
        // ambiguous.
        guard rest.utf8[authority.endIndex...].first != UInt8(ascii: "\\") else { throw .form }
        // Bytes, since a combining character would merge with the sign into another Character.
        let ats = authority.utf8.indices.filter { authority.utf8[$0] == UInt8(ascii: "@") }
        guard ats.count <= 1 else { throw .at }
        let hostStart = ats.first.map(authority.utf8.index(after:)) ?? authority.startIndex
        let hostAndPort = authority[hostStart...]
        do throws(WebURLFault) {
            let (host, port) = try Self.hostAndPort(hostAndPort)
            self.host = String(host)
            self.port = port ?? (isSecure ? 443 : 80)
            hasPort = port != nil
        } catch {
            // An unescaped slash in a password ends the authority early.
            let isInLogin =
                ats.isEmpty && rest.utf8[authority.endIndex...].contains(UInt8(ascii: "@"))
            throw isInLogin ? .delimiter : error
        }
        login = try ats.first.map { at throws(WebURLFault) in try Self.login(authority[..<at]) }
        self.text = text
        redacted = "\(text[..<separator.upperBound])\(rest[hostAndPort.startIndex...])"
    }

    private static func login(_ text: Substring) throws(WebURLFault) -> Credentials {
        let parts = text.utf8.split(
            separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        let credentials = Credentials(
            user: Substring(parts[0]).percentDecoded,
            password: parts.count > 1 ? Substring(parts[1]).percentDecoded : "")
        let isClean = (credentials.user + credentials.password).unicodeScalars.allSatisfy {
            $0.properties.generalCategory != .control
        }
        guard isClean else { throw .control }
        return credentials
    }

    /// Removes this URL's credentials from a text that may repeat them.
    ///
    /// - Parameter text: The text.
    /// - Returns: The text, with `<redacted>` instead of the credentials, the password and their
    ///   encoded form in the request (RFC 7617).
    func hidingLogin(in text: String) -> String {
        let start = self.text.firstRange(ofText: "://")?.upperBound ?? self.text.startIndex
        let authority = Self.authority(self.text[start...])
        guard let at = authority.utf8.lastIndex(of: UInt8(ascii: "@")) else { return text }
        let login = String(authority[..<at])
        let password = String(
            Substring(login.utf8.drop { $0 != UInt8(ascii: ":") }.dropFirst()))
        let forms = [login, login.percentDecoded]
        let passwords = [password, password.percentDecoded]
        let secrets = forms.map(Base64.encode) + forms + passwords
        return text.redacting(secrets)
    }

    /// The part before the path.
    ///
    /// Its delimiters are bytes: a combining character does not hide them.
    private static func authority(_ text: Substring) -> Substring {
        Substring(text.utf8.prefix { !"/?#\\".utf8.contains($0) })
    }

    /// Characters that libcurl rejects in a host.
    ///
    /// A delimiter can occur here if a combining character hides it.
    private static let forbidden = Set(" /:#?!@{}[]\\$'\"^`*<>=;,+&()|%".unicodeScalars)

    private static func hostAndPort(
        _ text: Substring
    ) throws(WebURLFault) -> (host: Substring, port: Int?) {
        var host = Substring(text.utf8.prefix { $0 != UInt8(ascii: ":") })
        var rest = text.utf8[host.endIndex...]
        if text.utf8.first == UInt8(ascii: "[") {
            guard let end = text.utf8.firstIndex(of: UInt8(ascii: "]")) else { throw .form }
            host = Substring(text.utf8[..<end].dropFirst())
            rest = text.utf8[end...].dropFirst()
            guard isIPv6(host) else { throw .form }
        } else if let scalar = host.percentDecoded.unicodeScalars.first(where: isForbidden) {
            throw .host(scalar)
        }
        // A combining character would merge with the sign before it and hide it.
        guard let first = host.unicodeScalars.first, !first.properties.isGraphemeExtend else {
            throw .form
        }
        guard rest.first == UInt8(ascii: ":") else {
            guard rest.isEmpty else { throw .form }
            return (host, nil)
        }
        let digits = Substring(rest.dropFirst())
        guard digits.utf8.allSatisfy(\.isASCIIDigit),
            let port = Int(digits), (1...65535).contains(port)
        else { throw .port }
        return (host, port)
    }

    private static func isForbidden(_ scalar: UnicodeScalar) -> Bool {
        forbidden.contains(scalar) || scalar.properties.generalCategory == .control
    }

    /// Whether a text is an IPv6 address, optionally with a zone of up to 15 bytes (RFC 6874).
    private static func isIPv6(_ text: Substring) -> Bool {
        let address = Substring(text.utf8.prefix { $0 != UInt8(ascii: "%") })
        var binary = in6_addr()
        guard unsafe inet_pton(AF_INET6, String(address), &binary) == 1 else { return false }
        guard address.endIndex != text.endIndex else { return true }
        var zone = text.utf8[address.endIndex...].dropFirst()
        if zone.starts(with: "25".utf8) && zone.count > 2 { zone = zone.dropFirst(2) }
        return (1...15).contains(zone.count)
    }
}

extension WebURL: CustomStringConvertible, CustomDebugStringConvertible {
    /// The URL without credentials.
    public var description: String { redacted }

    /// The URL without credentials.
    public var debugDescription: String { redacted }
}

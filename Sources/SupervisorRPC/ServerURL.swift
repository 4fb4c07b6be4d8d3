internal import Curl
internal import Text

/// The URL of supervisord's HTTP server, in the form of SUPERVISOR_SERVER_URL.
public struct ServerURL: Sendable, Hashable {
    /// The path of a Unix socket; nil for TCP.
    public let socketPath: String?

    /// The URL without credentials.
    let url: String

    /// The credentials in the URL.
    let credentials: Credentials?

    /// The user name and password in the URL; nil without.
    package var login: (user: String, password: String)? {
        credentials.map { ($0.user, $0.password) }
    }

    /// The URL without credentials and path.
    public let description: String

    /// Why a text is not a valid server URL.
    public struct ParseError: Error, Sendable, Hashable, CustomStringConvertible {
        /// The reason as one clause; it never includes a password.
        public let description: String
    }

    /// Parses `unix:///path/to.sock` or `http[s]://[user:password@]host[:port][/RPC2]`.
    ///
    /// Source: Supervisor manual, chapter Configuration, `[supervisorctl]`, `serverurl`. The
    /// default path is `/RPC2`; IPv6 addresses are in brackets; `%` escapes in the credentials are
    /// decoded.
    ///
    /// - Parameter text: The URL.
    /// - Throws: `ParseError` when it is invalid.
    public init(_ text: String) throws(ParseError) {
        if text.beginsExactly(with: "unix://") {
            let path = String(Substring(text.utf8.dropFirst(7)))
            guard path.beginsExactly(with: "/"), path.utf8.allSatisfy({ $0 >= 32 && $0 != 127 })
            else {
                throw ParseError(description: "no path of a socket after unix:// in the server URL")
            }
            socketPath = path
            url = "http://localhost/RPC2"
            credentials = nil
            description = "unix://\(path)"
            return
        }
        guard let scheme = ["http://", "https://"].first(where: { text.beginsExactly(with: $0) })
        else {
            throw ParseError(
                description: "a server URL begins with unix://, http:// or https://")
        }
        let rest = text.utf8.dropFirst(scheme.utf8.count)
        let authority = rest.prefix { $0 != UInt8(ascii: "/") }
        let path = Substring(rest[authority.endIndex...])
        // A password may contain an @; a host may not.
        let at = authority.lastIndex(of: UInt8(ascii: "@"))
        let host = Substring(at.map { authority[$0...].dropFirst() } ?? authority)
        guard Self.isHostAndPort(host) else {
            throw ParseError(description: "no host and port in the server URL")
        }
        guard path.utf8.allSatisfy({ $0 > 32 && $0 != 127 }) else {
            throw ParseError(description: "a space in the path of the server URL")
        }
        socketPath = nil
        url = "\(scheme)\(host)\(path.isEmpty || path == "/" ? "/RPC2" : String(path))"
        credentials = at.map { Self.login(authority[..<$0]) }
        description = "\(scheme)\(host)"
    }

    private static func isHostAndPort(_ text: Substring) -> Bool {
        let text = text.utf8
        var port: Substring.UTF8View?
        var host = text
        if text.first == UInt8(ascii: "[") {
            guard let end = text.firstIndex(of: UInt8(ascii: "]")) else { return false }
            host = text[..<end].dropFirst()
            let rest = text[end...].dropFirst()
            guard rest.isEmpty || rest.first == UInt8(ascii: ":") else { return false }
            if !rest.isEmpty { port = rest.dropFirst() }
        } else if let colon = text.firstIndex(of: UInt8(ascii: ":")) {
            host = text[..<colon]
            port = text[colon...].dropFirst()
        }
        if let port {
            guard port.allSatisfy({ (48...57).contains($0) }), let number = Int(Substring(port)),
                (1...65_535).contains(number)
            else { return false }
        }
        return !host.isEmpty
            && host.allSatisfy { $0 > 32 && $0 != 127 && !"?#%\\[]\"<>".utf8.contains($0) }
    }

    private static func login(_ text: Substring.UTF8View) -> Credentials {
        let parts = text.split(
            separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false
        ).map(Substring.init)
        return Credentials(
            user: parts[0].percentDecoded,
            password: parts.count > 1 ? parts[1].percentDecoded : "")
    }
}

extension ServerURL: CustomStringConvertible, CustomDebugStringConvertible {
    /// The same as `description`.
    public var debugDescription: String { description }
}

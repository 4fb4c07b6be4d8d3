// Where supervisord listens.

internal import Curl
internal import Text

/// The address of supervisord's HTTP server, as SUPERVISOR_SERVER_URL holds it.
public struct ServerURL: Sendable, Hashable {
    /// The path of a socket, or nil for a server that is reached over TCP.
    public let socketPath: String?

    /// The URL to ask, without a login.
    let url: String

    /// The login that the URL held.
    let credentials: Credentials?

    /// The address without login and path.
    public let description: String

    /// Why a text is no address.
    public struct Malformed: Error, Sendable, Hashable, CustomStringConvertible {
        /// The reason as one clause; it never holds a password.
        public let description: String
    }

    /// Reads `unix:///path/to.sock` or `http[s]://[user:password@]host[:port][/RPC2]`.
    ///
    /// Supervisor manual, chapter Configuration, `[supervisorctl]`, `serverurl`. The path is
    /// `/RPC2` when none is given; an IPv6 address stands in brackets; `%` escapes in the login are
    /// decoded.
    ///
    /// - Parameter text: The address.
    /// - Throws: `Malformed` when it is none of these.
    public init(_ text: String) throws(Malformed) {
        if text.hasPrefix("unix://") {
            let path = String(text.dropFirst(7))
            guard path.hasPrefix("/"), path.utf8.allSatisfy({ $0 >= 32 && $0 != 127 }) else {
                throw Malformed(description: "no path of a socket after unix:// in the server URL")
            }
            socketPath = path
            url = "http://localhost/RPC2"
            credentials = nil
            description = "unix://\(path)"
            return
        }
        guard let scheme = ["http://", "https://"].first(where: { text.hasPrefix($0) }) else {
            throw Malformed(
                description: "a server URL begins with unix://, http:// or https://")
        }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" }
        let path = rest.dropFirst(authority.count)
        // A password may hold an @ of its own; a host may not.
        let at = authority.lastIndex(of: "@")
        let host = at.map { authority[authority.index(after: $0)...] } ?? authority
        guard Self.isHostAndPort(host) else {
            throw Malformed(description: "no host and port in the server URL")
        }
        guard path.utf8.allSatisfy({ $0 > 32 && $0 != 127 }) else {
            throw Malformed(description: "a blank in the path of the server URL")
        }
        socketPath = nil
        url = "\(scheme)\(host)\(path.isEmpty || path == "/" ? "/RPC2" : String(path))"
        credentials = at.map { Self.login(authority[..<$0]) }
        description = "\(scheme)\(host)"
    }

    private static func isHostAndPort(_ text: Substring) -> Bool {
        var port: Substring?
        var host = text
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return false }
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { return false }
            if !rest.isEmpty { port = rest.dropFirst() }
        } else if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
        }
        if let port {
            guard port.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(port),
                (1...65_535).contains(number)
            else { return false }
        }
        return !host.isEmpty
            && host.utf8.allSatisfy { $0 > 32 && $0 != 127 && !"?#%\\[]\"<>".utf8.contains($0) }
    }

    private static func login(_ text: Substring) -> Credentials {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        return Credentials(
            user: parts[0].percentDecoded,
            password: parts.count > 1 ? parts[1].percentDecoded : "")
    }

    /// The text with its `%XX` escapes decoded; what is no escape stays (RFC 3986, section 2.1).
}

extension ServerURL: CustomStringConvertible, CustomDebugStringConvertible {
    /// The same as `description`.
    public var debugDescription: String { description }
}

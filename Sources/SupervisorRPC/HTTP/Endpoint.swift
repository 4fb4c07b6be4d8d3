internal import CLinux
internal import Text

/// The endpoint of a connection to supervisord, if it requires no DNS lookup.
struct Endpoint: Hashable {
    /// An address to connect to.
    enum Target: Hashable {
        /// A Unix socket.
        case socket(path: String)
        /// A port of an IPv4 or IPv6 address.
        case port(UInt16, address: String)
    }

    /// The addresses to try, one after the other.
    let targets: [Target]

    /// The value of the `Host` field (RFC 9110, section 7.2).
    let host: String

    /// The request target (RFC 9112, section 3.2.1).
    let path: String

    /// Determines the endpoint of a server URL.
    ///
    /// It is nil for `https` and for host names: `getaddrinfo` has no deadline.
    ///
    /// - Parameter server: The URL.
    init?(_ server: ServerURL) {
        let scheme = "http://"
        guard server.url.beginsExactly(with: scheme) else { return nil }
        let rest = Array(server.url.utf8.dropFirst(scheme.utf8.count))
        let slash = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
        host = String(decoding: rest[..<slash], as: UTF8.self)
        path = String(decoding: rest[slash...], as: UTF8.self)
        if let socket = server.socketPath {
            targets = [.socket(path: socket)]
            return
        }
        let (name, port) = Self.parts(of: rest[..<slash])
        // RFC 6761, section 6.3: this name requires no DNS lookup.
        let addresses = name.lowercased() == "localhost" ? ["127.0.0.1", "::1"] : [name]
        guard let port, addresses.allSatisfy({ unsafe clinux_is_address($0) != 0 }) else {
            return nil
        }
        targets = addresses.map { .port(port, address: $0) }
    }

    /// A host without brackets, and the port, by default 80 (RFC 9110, section 4.2.1).
    private static func parts(of authority: ArraySlice<UInt8>) -> (name: String, port: UInt16?) {
        // The colons of an IPv6 address are within brackets.
        let end = authority.lastIndex(of: UInt8(ascii: "]")) ?? authority.startIndex
        let colon = authority[end...].firstIndex(of: UInt8(ascii: ":")) ?? authority.endIndex
        var name = authority[..<colon]
        if name.first == UInt8(ascii: "[") { name = name.dropFirst().dropLast() }
        let digits = String(decoding: authority[colon...].dropFirst(), as: UTF8.self)
        return (String(decoding: name, as: UTF8.self), digits.isEmpty ? 80 : UInt16(digits))
    }
}

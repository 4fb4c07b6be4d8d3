// A mail server, and how libcurl is told to hand a message to it.

internal import CCurl

/// A mail server that takes messages over SMTP (RFC 5321).
public struct SMTPServer: Sendable {
    /// How the connection is encrypted.
    public enum Security: Sendable, Hashable {
        /// Not at all.
        case plain
        /// By the command STARTTLS, and nothing is sent when the server refuses it (RFC 3207).
        case startTLS
        /// From the first byte (RFC 8314, section 3.3).
        case implicitTLS
    }

    /// The server's name or address; an IPv6 address without brackets.
    public var host: String

    /// The server's TCP port.
    public var port: Int

    /// How the connection is encrypted.
    ///
    /// The corresponding C option is `CURLOPT_USE_SSL`, or the scheme `smtps`.
    public var security: Security

    /// Whom to trust when the connection is encrypted.
    ///
    /// The corresponding C option is `CURLOPT_CAINFO`.
    public var authorities: CertificateAuthorities

    /// The login, without which none is tried and with which one is demanded.
    ///
    /// The corresponding C options are `CURLOPT_USERNAME` and `CURLOPT_PASSWORD`.
    public var credentials: Credentials?

    /// Describes a server.
    ///
    /// - Parameters:
    ///   - host: The server's name or address.
    ///   - port: The server's TCP port.
    ///   - security: How the connection is encrypted.
    ///   - authorities: Whom to trust when it is.
    ///   - credentials: The login, if there is to be one.
    public init(
        host: String, port: Int = 25, security: Security = .plain,
        authorities: CertificateAuthorities = .system, credentials: Credentials? = nil
    ) {
        self.host = host
        self.port = port
        self.security = security
        self.authorities = authorities
        self.credentials = credentials
    }

    /// Hands a message to the server and tells what became of it for each recipient.
    ///
    /// Blocks until the server has answered or the timeout is over, and up to two seconds more for
    /// the server's farewell. Call it in a process that ends soon after: before libcurl 7.87 a name
    /// lookup that hangs holds up the return beyond the timeout, and whoever started the process
    /// must be ready to end it. The process should ignore SIGPIPE.
    ///
    /// - Parameters:
    ///   - sender: The address for bounces, without angle brackets; `CURLOPT_MAIL_FROM`.
    ///   - recipients: The addresses, without angle brackets; `CURLOPT_MAIL_RCPT`. One that is
    ///     refused does not cost the others theirs; `CURLOPT_MAIL_RCPT_ALLOWFAILS`.
    ///   - message: Header and body, lines ending in CR LF; dots at the start of a line are doubled
    ///     on the way (RFC 5321, section 4.5.2).
    ///   - timeout: The time for all of it, from the name lookup on; `CURLOPT_TIMEOUT_MS`.
    /// - Returns: One receipt for each recipient, in their order. No reason in it holds the
    ///   password.
    public func send(
        from sender: String, to recipients: [String], message: [UInt8], timeout: Duration
    ) -> [SMTPReceipt] {
        SMTPTransfer(server: self, message: message)
            .run(from: sender, to: recipients, timeout: timeout)
    }

    /// The URL for libcurl, or nil when host and port would read as something else in it.
    var url: String? {
        let isClean = host.utf8.allSatisfy {
            $0 > 32 && $0 != 127 && !"/?#@%\\[]".utf8.contains($0)
        }
        guard isClean, !host.isEmpty, (1...65_535).contains(port) else { return nil }
        return "\(security == .implicitTLS ? "smtps" : "smtp")://\(self)"
    }
}

extension SMTPServer: CustomStringConvertible, CustomDebugStringConvertible {
    /// Host and port.
    public var description: String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// The same as `description`.
    public var debugDescription: String { description }
}

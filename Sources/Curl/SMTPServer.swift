internal import CCurl

/// A mail server that accepts messages over SMTP (RFC 5321).
public struct SMTPServer: Sendable {
    /// How the connection is encrypted.
    public enum Security: Sendable, Hashable {
        /// No encryption.
        case plain
        /// `STARTTLS`; nothing is sent if the server rejects it (RFC 3207).
        case startTLS
        /// TLS from the first byte (RFC 8314, section 3.3).
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

    /// The certificate authorities to trust.
    ///
    /// The corresponding C option is `CURLOPT_CAINFO`.
    public var authorities: CertificateAuthorities

    /// The credentials; with them a login is required, without them none is attempted.
    ///
    /// The corresponding C options are `CURLOPT_USERNAME` and `CURLOPT_PASSWORD`.
    public var credentials: Credentials?

    /// Creates a server.
    ///
    /// - Parameters:
    ///   - host: The server's name or address.
    ///   - port: The server's TCP port.
    ///   - security: How the connection is encrypted.
    ///   - authorities: The certificate authorities to trust.
    ///   - credentials: The credentials, if a login is required.
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

    /// Sends a message and returns its delivery status for each recipient.
    ///
    /// Blocks until the server has replied or a timeout has expired, plus up to two seconds for the
    /// reply to QUIT. If the server rejects the login by one mechanism and offers another, that one
    /// is tried over a new connection. Call it in a short-lived process: before libcurl 7.87 a name
    /// lookup that hangs delays the return beyond the timeout, so the parent must be able to kill
    /// the process. The process should ignore SIGPIPE.
    ///
    /// - Parameters:
    ///   - sender: The address for bounces, without angle brackets; `CURLOPT_MAIL_FROM`.
    ///   - recipients: The addresses, without angle brackets; `CURLOPT_MAIL_RCPT`. One that is
    ///     refused does not cost the others theirs; `CURLOPT_MAIL_RCPT_ALLOWFAILS`.
    ///   - message: Header and body, lines ending in CR LF; dots at the start of a line are doubled
    ///     on the way (RFC 5321, section 4.5.2).
    ///   - timeouts: How long the server may take.
    /// - Returns: One receipt for each recipient, in their order. No reason in it holds the
    ///   password.
    public func send(
        from sender: String, to recipients: [String], message: [UInt8],
        timeouts: SMTPTimeouts = .standard
    ) -> [SMTPReceipt] {
        var mechanisms = SMTPTransfer.allMechanisms
        while true {
            let transfer = SMTPTransfer(
                server: self, message: message, timeouts: timeouts, mechanisms: mechanisms)
            let receipts = transfer.run(from: sender, to: recipients)
            mechanisms = transfer.otherMechanisms
            guard !mechanisms.isEmpty else { return receipts }
        }
    }

    /// The URL for libcurl; nil if host or port would change its meaning.
    var url: String? {
        let isClean = host.utf8.allSatisfy {
            $0 > 32 && $0 != 127 && !"/?#@%\\[]".utf8.contains($0)
        }
        guard isClean, !host.isEmpty, (1...65_535).contains(port) else { return nil }
        return "\(security == .implicitTLS ? "smtps" : "smtp")://\(self)"
    }
}

extension SMTPServer: CustomStringConvertible, CustomDebugStringConvertible {
    /// The host and the port.
    public var description: String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// The same as `description`.
    public var debugDescription: String { description }
}

/// The delivery status of a message for one recipient.
public enum SMTPStatus: Sendable, Hashable {
    /// The server has accepted responsibility for delivery (RFC 5321, section 6.1); its reply.
    case accepted(reply: String)

    /// Temporary failure, retry later: a 4xx reply, no connection, or a connection that broke.
    case later(reason: String)

    /// Permanent failure until a setting changes: a 5xx reply, an untrusted certificate, or TLS or
    /// a login that is required but not available.
    case refused(reason: String)
}

/// The delivery status of a message for one recipient.
public enum SMTPStatus: Sendable, Hashable {
    /// The server has accepted responsibility for delivery (RFC 5321, section 6.1); its reply.
    case accepted(reply: String)

    /// A temporary failure: a 4xx reply, no connection, or a connection that broke.
    case later(reason: String)

    /// The message is not delivered until an operator changes a setting, a certificate or an
    /// account. The reason ends with what to check.
    case blocked(reason: String)

    /// The message is larger than the server accepts; a smaller one may be accepted. The limit is
    /// the server's own, in bytes, if it announces one (RFC 1870). A 552 without an enhanced status
    /// code is not certain: it also means a full mailbox (RFC 5321, section 4.2.3).
    case tooLarge(reason: String, limit: Int?, isCertain: Bool)

    /// The server permanently rejects this message.
    case refused(reason: String)
}

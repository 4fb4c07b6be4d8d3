/// The delivery status of a message for one recipient.
public enum SMTPStatus: Sendable, Hashable {
    /// The server has accepted responsibility for delivery (RFC 5321, section 6.1); its reply.
    case accepted(reply: String)

    /// Temporary failure, retry later: a 4xx reply, no connection, or a connection that broke.
    case later(reason: String)

    /// It was not delivered, and will not be before someone changes a setting, a certificate or an
    /// account. The reason ends with what to check.
    case blocked(reason: String)

    /// It is larger than the server takes; a smaller one may pass. The limit is the server's own,
    /// in bytes, if it has named one (RFC 1870).
    case tooLarge(reason: String, limit: Int?)

    /// The server refuses this message, whatever else changes.
    case refused(reason: String)
}

// What became of a message for one recipient.

/// What became of a message for one recipient.
public enum SMTPStatus: Sendable, Hashable {
    /// The server has taken over the duty of delivering it (RFC 5321, section 6.1); its reply.
    case accepted(reply: String)

    /// It was not delivered, and trying again makes sense: the server said 4xx, or could not be
    /// reached, or the connection broke.
    case later(reason: String)

    /// It was not delivered, and will not be before someone changes something: the server said
    /// 5xx, its certificate is not trusted, or TLS or a login was asked for and cannot be had.
    case refused(reason: String)
}

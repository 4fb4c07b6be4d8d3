internal import System

/// The sender and recipients of mails.
public struct Envelope: Hashable, Sendable {
    /// The sender.
    public let sender: MailAddress

    /// The recipients; at least one.
    public let recipients: [MailAddress]

    /// Creates an envelope.
    ///
    /// - Parameters:
    ///   - sender: The sender.
    ///   - recipients: The recipients.
    public init(sender: MailAddress, recipients: [MailAddress]) {
        self.sender = sender
        self.recipients = recipients
    }

    /// Creates the mail for an alert.
    ///
    /// Date and Message-ID are the alert's, so that a mail that is sent twice can be recognised.
    ///
    /// - Parameters:
    ///   - alert: The alert.
    ///   - lineEnding: The line ends.
    /// - Returns: The mail's bytes.
    func mail(_ alert: Alert, lineEnding: MessageLineEnding) -> [UInt8] {
        let predecessor = alert.predecessor.map(Self.messageID).map { identity in
            ["In-Reply-To", "References"].map { HeaderField(name: $0, text: identity.text) }
        }
        return MailMessage(
            from: sender, to: recipients, subject: alert.subject,
            date: MessageDate(seconds: alert.date.seconds),
            messageID: Self.messageID(alert.identity), extraHeaders: predecessor ?? [],
            body: alert.body
        ).bytes(lineEnding: lineEnding)
    }

    private static func messageID(_ identity: Alert.Identity) -> MessageID {
        MessageID(seconds: identity.seconds, random: identity.number, host: HostName.current)
    }
}

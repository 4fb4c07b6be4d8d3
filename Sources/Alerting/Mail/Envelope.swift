internal import System
internal import Text

/// The sender and recipients of mails.
public struct Envelope: Hashable, Sendable {
    /// The sender.
    public let sender: MailAddress

    /// The recipients; at least one.
    public let recipients: [MailAddress]

    /// Whether mails have an HTML part beside the text.
    public let hasHTML: Bool

    /// Distinguishes the mails about an alert to several lists of recipients, which differ in their
    /// texts.
    public let salt: UInt64

    /// Creates an envelope.
    ///
    /// - Parameters:
    ///   - sender: The sender.
    ///   - recipients: The recipients.
    ///   - hasHTML: Whether mails have an HTML part beside the text.
    ///   - isOneOfSeveral: Whether others get other mails about the same alerts.
    public init(
        sender: MailAddress, recipients: [MailAddress], hasHTML: Bool = false,
        isOneOfSeveral: Bool = false
    ) {
        self.hasHTML = hasHTML
        self.sender = sender
        self.recipients = recipients
        // The same in each run, so that threads go on.
        salt = isOneOfSeveral ? recipients.map(\.mailbox).joined(separator: ",").checksum : 0
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
        let predecessor = alert.predecessor.map(messageID).map { identity in
            ["In-Reply-To", "References"].map { HeaderField(name: $0, text: identity.text) }
        }
        var message = MailMessage(
            from: sender, to: recipients, subject: alert.subject,
            date: MessageDate(seconds: alert.date.seconds),
            messageID: messageID(alert.identity), extraHeaders: predecessor ?? [],
            body: alert.body)
        // A text message has neither.
        if hasHTML, alert.subject != nil { message.html = HTMLPage(alert: alert).text }
        return message.bytes(lineEnding: lineEnding)
    }

    private func messageID(_ identity: Alert.Identity) -> MessageID {
        MessageID(seconds: identity.seconds, random: identity.number ^ salt, host: HostName.current)
    }
}

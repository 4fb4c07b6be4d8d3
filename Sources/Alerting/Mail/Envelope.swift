// Who writes to whom, and the mail that an alert becomes.

internal import System

/// Who writes to whom.
public struct Envelope: Hashable, Sendable {
    /// Who sends.
    public let sender: MailAddress

    /// Who is to get it; at least one.
    public let recipients: [MailAddress]

    /// Names the people.
    ///
    /// - Parameters:
    ///   - sender: Who sends.
    ///   - recipients: Who is to get it.
    public init(sender: MailAddress, recipients: [MailAddress]) {
        self.sender = sender
        self.recipients = recipients
    }

    /// The mail that an alert becomes.
    ///
    /// Date and identity are the alert's, so that a mail which is sent twice can be recognised.
    ///
    /// - Parameters:
    ///   - alert: What must be told.
    ///   - lineEnding: How lines end where it goes.
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

// A recipient and what became of the message for it.

/// What became of a message for one of its recipients.
public struct SMTPReceipt: Sendable, Hashable {
    /// The address as it was given.
    public let recipient: String

    /// What became of the message.
    public let status: SMTPStatus

    /// Describes what became of a message.
    ///
    /// - Parameters:
    ///   - recipient: The address as it was given.
    ///   - status: What became of the message.
    public init(recipient: String, status: SMTPStatus) {
        self.recipient = recipient
        self.status = status
    }
}

/// The delivery status of a message for one recipient.
public struct SMTPReceipt: Sendable, Hashable {
    /// The recipient's address as given.
    public let recipient: String

    /// The delivery status.
    public let status: SMTPStatus

    /// Creates a receipt.
    ///
    /// - Parameters:
    ///   - recipient: The recipient's address as given.
    ///   - status: The delivery status.
    public init(recipient: String, status: SMTPStatus) {
        self.recipient = recipient
        self.status = status
    }
}

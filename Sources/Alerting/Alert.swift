// Something that must be told.

/// Something that must be told.
public struct Alert: Hashable, Sendable {
    /// What it is about, in a line; `nil` for a text message.
    public let subject: String?

    /// The text, one or more lines without the last end.
    public let body: String

    /// When it happened, which may be long before it is delivered.
    public let time: Timestamp

    /// A number by which its copies are known to be the same, however often it is sent.
    let identity: UInt64

    /// Describes something that must be told.
    ///
    /// - Parameters:
    ///   - subject: What it is about; `nil` for a text message.
    ///   - body: The text.
    ///   - time: When it happened.
    public init(subject: String?, body: String, time: Timestamp) {
        self.subject = subject
        self.body = body
        self.time = time
        identity = .random(in: .min ... .max)
    }

    /// Subject and body as they stand in a log.
    public var text: String {
        guard let subject else { return body }
        return "Subject: \(subject)\n\n\(body)"
    }
}

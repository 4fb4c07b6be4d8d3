/// An SMTP reply: three digits and the text of all its lines (RFC 5321, section 4.2).
public struct SMTPReply: Sendable, Hashable {
    /// The three digits: 2xx and 3xx are positive, 4xx is a temporary and 5xx a permanent failure.
    public let code: Int

    /// The text after the digits: the lines joined by spaces, without control characters.
    public let text: String

    /// Creates a reply.
    ///
    /// - Parameters:
    ///   - code: The three digits.
    ///   - text: The text after them.
    public init(code: Int, text: String) {
        self.code = code
        self.text = text
    }

    /// Whether the reply is positive (2xx or 3xx).
    var isPositive: Bool { (200..<400).contains(code) }
}

extension SMTPReply: CustomStringConvertible {
    /// The code and the text on one line.
    public var description: String { text.isEmpty ? "\(code)" : "\(code) \(text)" }
}

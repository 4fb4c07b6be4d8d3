// A server's reply in the mail dialogue.

/// A reply: three digits and the text of all its lines (RFC 5321, section 4.2).
public struct SMTPReply: Sendable, Hashable {
    /// The three digits; 2xx and 3xx consent, 4xx is for now, 5xx is for good.
    public let code: Int

    /// The text after the digits, lines joined by a space, without control characters.
    public let text: String

    /// Describes a reply.
    ///
    /// - Parameters:
    ///   - code: The three digits.
    ///   - text: The text after them.
    public init(code: Int, text: String) {
        self.code = code
        self.text = text
    }

    /// Whether the server consents.
    var isPositive: Bool { (200..<400).contains(code) }
}

extension SMTPReply: CustomStringConvertible {
    /// The reply as the server wrote it, on one line.
    public var description: String { text.isEmpty ? "\(code)" : "\(code) \(text)" }
}

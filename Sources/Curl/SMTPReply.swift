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

    /// Whether the command is completed: after 3xx the server waits for more (RFC 5321, section
    /// 4.2.1).
    var isCompletion: Bool { code / 100 == 2 }

    /// The subject and the detail of the enhanced status code at the start of the text, such as 7
    /// and 8 of `5.7.8` (RFC 3463, section 3).
    var enhancedStatus: (subject: Int, detail: Int)? {
        let words = text.prefix { $0 != " " }
            .split(separator: ".", omittingEmptySubsequences: false)
        let numbers = words.compactMap { UInt16($0) }
        guard words.count == 3, numbers.count == 3, Int(numbers[0]) == code / 100 else {
            return nil
        }
        return (Int(numbers[1]), Int(numbers[2]))
    }

    /// Whether a smaller message might pass: by `5.3.4` or `5.2.3` (RFC 3463, sections 3.3 and
    /// 3.4), or by 552 alone (RFC 1870, section 6).
    var isAboutSize: Bool {
        guard let (subject, detail) = enhancedStatus else { return code == 552 }
        return (subject, detail) == (3, 4) || (subject, detail) == (2, 3)
    }
}

extension SMTPReply: CustomStringConvertible {
    /// The code and the text on one line.
    public var description: String { text.isEmpty ? "\(code)" : "\(code) \(text)" }
}

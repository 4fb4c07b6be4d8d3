/// A mail.
///
/// RFC 5322 with MIME (RFC 2045): text in UTF-8, and HTML beside it if wanted. The bytes are ASCII
/// unless an address is not (``MailAddress/needsUTF8``), and lines have at most 998 octets.
public struct MailMessage: Sendable, Hashable {
    /// The sender.
    public var from: MailAddress

    /// The recipients.
    public var to: [MailAddress]

    /// The subject; without one there is no Subject header.
    public var subject: String?

    /// The date.
    public var date: MessageDate

    /// The Message-ID.
    public var messageID: MessageID

    /// Additional headers, in order.
    ///
    /// Those with the name of a standard header are omitted: most must not occur twice (RFC 5322,
    /// section 3.6).
    public var extraHeaders: [HeaderField]

    /// The text; lines end with LF or CR LF.
    public var body: String

    /// The same as HTML; nil for a mail with the text only.
    public var html: String?

    /// Creates a mail.
    ///
    /// - Parameters:
    ///   - from: The sender.
    ///   - to: The recipients.
    ///   - subject: The subject.
    ///   - date: The date.
    ///   - messageID: The Message-ID.
    ///   - extraHeaders: Additional headers, in order.
    ///   - body: The text; lines end with LF or CR LF.
    public init(
        from: MailAddress, to: [MailAddress], subject: String?, date: MessageDate,
        messageID: MessageID, extraHeaders: [HeaderField] = [], body: String
    ) {
        self.from = from
        self.to = to
        self.subject = subject
        self.date = date
        self.messageID = messageID
        self.extraHeaders = extraHeaders
        self.body = body
    }

    /// Encodes the mail.
    ///
    /// - Parameter lineEnding: The line ends.
    /// - Returns: Headers, an empty line and the encoded body, which ends with a line end.
    public func bytes(lineEnding: MessageLineEnding) -> [UInt8] {
        let content = html.map(alternatives) ?? part(body, "text/plain")
        var bytes: [UInt8] = []
        for header in headers(content.headers) { bytes += header.folded }
        bytes.append(UInt8(ascii: "\n"))
        bytes += content.bytes
        switch lineEnding {
        case .lineFeed: return bytes
        case .carriageReturnLineFeed: return BodyEncoding.withCarriageReturns(bytes)
        }
    }

    /// A part with its headers.
    private typealias Part = (headers: [HeaderField], bytes: [UInt8])

    private func part(_ text: String, _ type: String) -> Part {
        let content = BodyEncoding.encode(text)
        return (
            [
                HeaderField(name: "Content-Type", encoded: "\(type); charset=utf-8"),
                HeaderField(
                    name: "Content-Transfer-Encoding", encoded: content.encoding.rawValue),
            ], content.bytes
        )
    }

    /// Text and HTML, of which a mail program shows the last one that it can (RFC 2046, section
    /// 5.1.4).
    private func alternatives(_ html: String) -> Part {
        // `=_` occurs in no encoded text, and nobody can guess the number.
        let boundary = "=_\(messageID.unique)"
        var bytes: [UInt8] = []
        for part in [part(body, "text/plain"), part(html, "text/html")] {
            bytes += "--\(boundary)\n".utf8
            for header in part.headers { bytes += header.folded }
            bytes += Array("\n".utf8) + part.bytes + Array("\n".utf8)
        }
        bytes += "--\(boundary)--\n".utf8
        let type = "multipart/alternative; boundary=\"\(boundary)\""
        return ([HeaderField(name: "Content-Type", encoded: type)], bytes)
    }

    private func headers(_ content: [HeaderField]) -> [HeaderField] {
        let recipients = to.map(\.headerText).joined(separator: ", ")
        var headers = [
            HeaderField(name: "From", encoded: from.headerText),
            HeaderField(name: "To", encoded: recipients),
        ]
        if let subject { headers.append(HeaderField(name: "Subject", text: subject)) }
        headers += [
            HeaderField(name: "Date", encoded: date.text),
            HeaderField(name: "Message-ID", encoded: messageID.text),
            HeaderField(name: "MIME-Version", encoded: "1.0"),
        ]
        headers += content
        headers += [
            // Prevents automatic replies: RFC 3834, section 5.
            HeaderField(name: "Auto-Submitted", encoded: "auto-generated")
        ]
        let own = Set(headers.map { $0.name.lowercased() })
            .union(["subject", "content-transfer-encoding"])
        return headers + extraHeaders.filter { !own.contains($0.name.lowercased()) }
    }
}

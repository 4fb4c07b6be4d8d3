/// A mail.
///
/// RFC 5322 with MIME (RFC 2045): plain text in UTF-8, one part. The bytes are ASCII unless an
/// address is not (``MailAddress/needsUTF8``), and lines have at most 998 octets.
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
        let content = BodyEncoding.encode(body)
        var bytes: [UInt8] = []
        for header in headers(bodyEncoding: content.encoding) { bytes += header.folded }
        bytes.append(UInt8(ascii: "\n"))
        bytes += content.bytes
        switch lineEnding {
        case .lineFeed: return bytes
        case .carriageReturnLineFeed: return BodyEncoding.withCarriageReturns(bytes)
        }
    }

    private func headers(bodyEncoding: BodyEncoding) -> [HeaderField] {
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
            HeaderField(name: "Content-Type", encoded: "text/plain; charset=utf-8"),
            HeaderField(name: "Content-Transfer-Encoding", encoded: bodyEncoding.rawValue),
            // Prevents automatic replies: RFC 3834, section 5.
            HeaderField(name: "Auto-Submitted", encoded: "auto-generated"),
        ]
        let own = Set(headers.map { $0.name.lowercased() }).union(["subject"])
        return headers + extraHeaders.filter { !own.contains($0.name.lowercased()) }
    }
}

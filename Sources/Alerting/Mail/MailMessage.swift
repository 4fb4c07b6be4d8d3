// A mail: what it says, and the bytes it is sent as.

/// A mail: what it says, and the bytes it is sent as.
///
/// RFC 5322 with MIME (RFC 2045): plain text in UTF-8, one part. The bytes are ASCII, unless an
/// address itself is not (``MailAddress/needsUTF8``), and no line is longer than 998 of them.
public struct MailMessage: Sendable, Hashable {
    /// Who sends it.
    public var from: MailAddress

    /// Who is to get it.
    public var to: [MailAddress]

    /// What it is about; without one there is no Subject header.
    public var subject: String?

    /// When it was made.
    public var date: MessageDate

    /// Its identity.
    public var messageID: MessageID

    /// Further headers, in order.
    ///
    /// One that has the name of a header the message writes itself is left out: most of those
    /// must not occur twice (RFC 5322, section 3.6).
    public var extraHeaders: [HeaderField]

    /// The text; LF or CR LF end its lines.
    public var body: String

    /// A mail.
    ///
    /// - Parameters:
    ///   - from: Who sends it.
    ///   - to: Who is to get it.
    ///   - subject: What it is about.
    ///   - date: When it was made.
    ///   - messageID: Its identity.
    ///   - extraHeaders: Further headers, in order.
    ///   - body: The text; LF or CR LF end its lines.
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

    /// The mail as it is sent.
    ///
    /// - Parameter lineEnding: How its lines end.
    /// - Returns: Headers, an empty line and the encoded body, whose last line is ended.
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
            // Keeps automatic replies away: RFC 3834, section 5.
            HeaderField(name: "Auto-Submitted", encoded: "auto-generated"),
        ]
        let own = Set(headers.map { $0.name.lowercased() }).union(["subject"])
        return headers + extraHeaders.filter { !own.contains($0.name.lowercased()) }
    }
}

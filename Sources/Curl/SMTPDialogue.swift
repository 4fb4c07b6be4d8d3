// Follows a mail dialogue from its lines: what was said last, and what was answered to whom.

internal import Text

/// The dialogue with a mail server, as overheard.
///
/// libcurl tells a caller only how the transfer as a whole ended. Which recipient was refused, and
/// in what words, stands in the lines it shows to `CURLOPT_DEBUGFUNCTION`: each command we send
/// (`CURLINFO_HEADER_OUT`) and each line of the replies (`CURLINFO_HEADER_IN`).
struct SMTPDialogue {
    /// What the server is replying to.
    enum Stage: Equatable {
        case greeting, hello, startTLS, login, sender, recipient, data, message, goodbye
    }

    /// The replies to the recipients, in the order they were named.
    private(set) var recipientReplies: [SMTPReply?] = []

    /// The reply to the message itself, which makes the server responsible for it or not.
    private(set) var messageReply: SMTPReply?

    /// A negative reply that libcurl did not get around by another command.
    private(set) var rejection: SMTPReply?

    /// What that reply was to.
    private(set) var rejectedStage = Stage.greeting

    /// What was said last.
    private(set) var stage = Stage.greeting

    /// What the last `EHLO` told about logins: the words after AUTH; nil when it was not offered.
    private(set) var offeredLogins: String?

    /// Whether the server has accepted a login.
    private(set) var isLoggedIn = false

    /// Whether the channel is encrypted: from the start, or since `STARTTLS` was agreed to.
    private(set) var isEncrypted: Bool

    private var isAnswered = false
    private var pending: [UInt8] = []
    private var lines: [String] = []

    init(isEncrypted: Bool) { self.isEncrypted = isEncrypted }

    /// Whether the server has finished introducing itself and offers no login.
    ///
    /// libcurl then goes on without one; a caller that has a password did not mean that. Before
    /// `STARTTLS` many servers offer none, which says nothing yet.
    func lacksLogin(encrypting: Bool) -> Bool {
        stage == .hello && isAnswered && offeredLogins == nil && (isEncrypted || !encrypting)
    }

    /// What the server owes a reply to, if anything; the farewell does not count.
    private(set) var awaited: Stage? = .greeting

    /// Takes a command that was sent.
    mutating func sent(_ bytes: some Sequence<UInt8>) {
        let verb = String(decoding: bytes.prefix { $0 > 32 }, as: UTF8.self).uppercased()
        let next: Stage
        switch verb {
        case "EHLO", "HELO": next = .hello
        case "STARTTLS": next = .startTLS
        case "AUTH": next = .login
        case "MAIL": next = .sender
        case "RCPT": next = .recipient
        case "DATA": next = .data
        case "QUIT": next = .goodbye
        default: next = stage  // a step of the login
        }
        if next == .recipient { recipientReplies.append(nil) }
        if next == .hello { offeredLogins = nil }
        // Parting does not heal what went wrong before; another command after it shows that
        // libcurl found a way around, such as HELO after a refused EHLO.
        if next != .goodbye {
            rejection = nil
            awaited = next
        }
        stage = next
        isAnswered = false
        pending = []
        lines = []
    }

    /// Takes what the server sent, whole lines or not.
    mutating func received(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            guard byte == 10 else {
                pending.append(byte)
                continue
            }
            read(line: pending)
            pending = []
        }
    }

    private mutating func read(line: [UInt8]) {
        guard line.count >= 3, let code = Int(String(decoding: line[..<3], as: UTF8.self)) else {
            return
        }
        let text = Self.printable(line.dropFirst(4))
        if stage == .hello { noteLogins(text) }
        lines.append(text)
        guard line.count == 3 || line[3] != UInt8(ascii: "-") else { return }
        let reply = SMTPReply(code: code, text: Self.joined(lines))
        lines = []
        complete(reply)
    }

    private mutating func complete(_ reply: SMTPReply) {
        isAnswered = true
        if stage != .goodbye { awaited = nil }
        switch stage {
        case .goodbye: return
        case .recipient: recipientReplies[recipientReplies.count - 1] = reply
        case .message: messageReply = reply
        case .login where reply.code / 100 == 2: isLoggedIn = true
        case .startTLS where reply.code / 100 == 2: isEncrypted = true
        case .data where reply.code / 100 == 3:
            // The message follows, and the next reply is to it.
            stage = .message
            isAnswered = false
            awaited = stage
        default: break
        }
        if !reply.isPositive, stage != .recipient {
            rejection = reply
            rejectedStage = stage
        }
    }

    /// Remembers "AUTH PLAIN LOGIN", or "AUTH=PLAIN" as servers wrote it before RFC 2554.
    private mutating func noteLogins(_ text: String) {
        let words = text.uppercased()
        guard words.hasPrefix("AUTH ") || words.hasPrefix("AUTH=") else { return }
        offeredLogins = String(text.dropFirst(5))
    }

    /// The text for a log: control characters and broken UTF-8 come from a foreign server.
    private static func printable(_ bytes: ArraySlice<UInt8>) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where scalar != "\r" {
            scalars.append(scalar.properties.generalCategory == .control ? "?" : scalar)
        }
        return String(scalars)
    }

    /// One text of several lines; the enhanced status code that each repeats (RFC 2034) stays once.
    private static func joined(_ lines: [String]) -> String {
        guard let first = lines.first else { return "" }
        let status = first.prefix { $0 != " " }
        let isEnhanced = status.split(separator: ".").count == 3
        let rest = lines.dropFirst().map { line in
            isEnhanced && line.hasPrefix(status) ? line.dropFirst(status.count + 1) : line[...]
        }
        let text = ([first[...]] + rest).joined(separator: " ")
        // A reply line has at most 512 octets (RFC 5321, section 4.5.3.1.5), but any number of
        // them.
        return String(text.prefix(scalars: 1000))
    }
}

extension SMTPDialogue.Stage: CustomStringConvertible {
    /// The stage as the thing that was replied to.
    var description: String {
        switch self {
        case .greeting: "the connection"
        case .hello: "EHLO"
        case .startTLS: "STARTTLS"
        case .login: "AUTH"
        case .sender: "MAIL FROM"
        case .recipient: "RCPT TO"
        case .data: "DATA"
        case .message: "the message"
        case .goodbye: "QUIT"
        }
    }
}

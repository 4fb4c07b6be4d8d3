internal import Text

/// The SMTP dialogue of a transfer, parsed from libcurl's debug output.
///
/// libcurl reports only the result of the whole transfer. To know which recipients were rejected
/// and why, this parses the lines passed to `CURLOPT_DEBUGFUNCTION`: the commands sent
/// (`CURLINFO_HEADER_OUT`) and the replies (`CURLINFO_HEADER_IN`).
struct SMTPDialogue {
    /// The command or step that a reply belongs to.
    enum Stage: Equatable {
        case greeting, hello, startTLS, login, sender, recipient, data, message, goodbye

        /// Whether the dialogue goes on after a reply: only a login and DATA have more to send
        /// after 3xx (RFC 5321, section 4.2.1).
        func isContinued(by reply: SMTPReply) -> Bool {
            let isIntermediate = reply.code / 100 == 3
            return reply.isCompletion || (isIntermediate && [.login, .data].contains(self))
        }
    }

    /// The replies to the recipients, in the order of the commands.
    private(set) var recipientReplies: [SMTPReply?] = []

    /// The reply to the message itself; a positive one transfers the responsibility for it.
    private(set) var messageReply: SMTPReply?

    /// The last negative reply from which libcurl did not recover with another command.
    private(set) var rejection: SMTPReply?

    /// The stage of ``rejection``.
    private(set) var rejectedStage = Stage.greeting

    /// The current stage.
    private(set) var stage = Stage.greeting

    /// The mechanisms after AUTH in the last EHLO reply; nil if it did not offer AUTH.
    private(set) var offeredLogins: String?

    /// The line of the last EHLO reply that offers a login, if libcurl does not recognize it.
    ///
    /// It compares `AUTH ` and the mechanisms exactly, although their case does not matter (RFC 5321,
    /// section 2.4; RFC 4422, section 3.1).
    private(set) var ignoredLogins: String?

    /// The line of the last EHLO reply that offers STARTTLS, if libcurl does not recognize it.
    private(set) var ignoredStartTLS: String?

    /// The mechanism of the last `AUTH`, in capitals.
    private(set) var triedLogin: String?

    /// The largest message that the last `EHLO` admitted, in bytes; nil when it named none (RFC
    /// 1870, section 4).
    private(set) var sizeLimit: Int?

    /// Whether the server has accepted the login.
    private(set) var isLoggedIn = false

    /// Whether the connection is encrypted: from the start, or since `STARTTLS` succeeded.
    private(set) var isEncrypted: Bool

    private var isAnswered = false
    private var pending: [UInt8] = []
    private var lines: [String] = []

    init(isEncrypted: Bool) { self.isEncrypted = isEncrypted }

    /// Whether the server's EHLO reply is complete and does not offer AUTH.
    ///
    /// libcurl would then continue without a login, although the caller has set a password. Before
    /// `STARTTLS` the reply is not conclusive: many servers offer AUTH only afterwards.
    func lacksLogin(encrypting: Bool) -> Bool {
        stage == .hello && isAnswered && offeredLogins == nil && (isEncrypted || !encrypting)
    }

    /// Whether the server's EHLO reply is complete and announces a limit below a size, so that it
    /// would reject the message (RFC 1870, section 6.1).
    ///
    /// - Parameters:
    ///   - size: The size of the message in bytes.
    ///   - encrypting: Whether `STARTTLS` follows, after which the server may announce another one.
    /// - Returns: Whether it does.
    func exceedsSize(_ size: Int, encrypting: Bool) -> Bool {
        guard stage == .hello, isAnswered, isEncrypted || !encrypting else { return false }
        return sizeLimit.map { size > $0 } ?? false
    }

    /// The stage whose reply is outstanding, if any; QUIT does not count.
    private(set) var awaited: Stage? = .greeting

    /// Records a command that was sent.
    mutating func sent(_ bytes: some Sequence<UInt8>) {
        let words = bytes.split(maxSplits: 2) { $0 <= 32 }
            .map { String(decoding: $0, as: UTF8.self).uppercased() }
        let verb = words.first ?? ""
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
        if verb == "AUTH" { triedLogin = words.dropFirst().first }
        if next == .hello {
            offeredLogins = nil
            ignoredLogins = nil
            ignoredStartTLS = nil
            sizeLimit = nil
        }
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

    /// Records bytes from the server, which may be partial lines.
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
        if stage == .hello {
            noteLogins(text)
            noteStartTLS(text)
            noteSize(text)
        }
        lines.append(text)
        guard line.count == 3 || line[3] != UInt8(ascii: "-") else { return }
        let reply = SMTPReply(code: code, text: Self.joined(lines))
        lines = []
        complete(reply)
    }

    private mutating func complete(_ reply: SMTPReply) {
        isAnswered = true
        if stage != .goodbye { awaited = nil }
        let asked = stage
        switch stage {
        case .goodbye: return
        case .recipient: recipientReplies[recipientReplies.count - 1] = reply
        case .message: messageReply = reply
        case .login where reply.code / 100 == 2: isLoggedIn = true
        case .startTLS where reply.code / 100 == 2: isEncrypted = true
        case .data where reply.code / 100 == 3:
            // The message follows, and the next reply is to the message.
            stage = .message
            isAnswered = false
            awaited = stage
        default: break
        }
        if !asked.isContinued(by: reply), asked != .recipient {
            rejection = reply
            rejectedStage = asked
        }
    }

    /// Records "AUTH PLAIN LOGIN", or "AUTH=PLAIN" as servers wrote it before RFC 2554.
    private mutating func noteLogins(_ text: String) {
        let keyword = Substring(text.utf8.prefix(5))
        guard ["AUTH ", "AUTH="].contains(where: { keyword.isExactly(ignoringCase: $0) }) else {
            return
        }
        let offer = Substring(text.utf8.dropFirst(5))
        offeredLogins = String(offer)
        let isIgnored = !keyword.isExactly("AUTH ") || !Self.known(in: offer)
        ignoredLogins =
            isIgnored && Self.known(in: offer.uppercased()[...])
            ? String(text.prefix(scalars: 200)) : nil
    }

    /// Whether a login by one of the supported mechanisms is among some.
    private static func known(in mechanisms: Substring) -> Bool {
        mechanisms.split(separator: " ").contains { word in
            SMTPTransfer.allMechanisms.contains { word.isExactly($0[...]) }
        }
    }

    /// Records "starttls", which libcurl recognizes only in capitals.
    private mutating func noteStartTLS(_ text: String) {
        let keyword = text[...]
        guard keyword.isExactly(ignoringCase: "STARTTLS"), !keyword.isExactly("STARTTLS") else {
            return
        }
        ignoredStartTLS = text
    }

    /// Remembers "SIZE 10240000"; 0, or no number, is no limit (RFC 1870, section 4).
    private mutating func noteSize(_ text: String) {
        let words = text.split(separator: " ")
        guard words.count == 2, words[0].uppercased() == "SIZE" else { return }
        sizeLimit = Int(words[1]).flatMap { $0 > 0 ? $0 : nil }
    }

    /// Makes the text safe to log: the server controls it, including control characters and invalid
    /// UTF-8.
    private static func printable(_ bytes: ArraySlice<UInt8>) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where scalar != "\r" {
            scalars.append(scalar.properties.generalCategory == .control ? "?" : scalar)
        }
        return String(scalars)
    }

    /// Joins the lines of a reply; the enhanced status code that each line repeats (RFC 2034) is
    /// kept once.
    private static func joined(_ lines: [String]) -> String {
        guard let first = lines.first else { return "" }
        let status = Substring(first.utf8.prefix { $0 != UInt8(ascii: " ") })
        let isEnhanced = status.utf8.split(separator: UInt8(ascii: ".")).count == 3
        let rest = lines.dropFirst().map { line in
            isEnhanced && line.beginsExactly(with: status)
                ? Substring(line.utf8.dropFirst(status.utf8.count + 1)) : line[...]
        }
        let text = ([first[...]] + rest).joined(separator: " ")
        // Each line is limited to 512 octets (RFC 5321, section 4.5.3.1.5), but their number is
        // not.
        return String(text.prefix(scalars: 1000))
    }
}

extension SMTPDialogue.Stage: CustomStringConvertible {
    /// The stage as used in messages.
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

internal import Text

/// Determines the delivery status of each recipient from the finished dialogue and libcurl's error.
///
/// Before the message itself has been sent, a rejection concerns the connection, the login, the
/// sender or a recipient, all of which an operator can fix. Only a reply to the message can concern
/// the message, and even then its enhanced status code may name another cause.
struct SMTPStatusRules {
    private let server: SMTPServer
    private let dialogue: SMTPDialogue
    private let error: CurlError?
    /// The size of the message in bytes.
    private let size: Int
    /// Whether the whole message was sent, so that it may have been delivered.
    private let isSent: Bool

    init(
        server: SMTPServer, dialogue: SMTPDialogue, error: CurlError?, size: Int = 0, isSent: Bool
    ) {
        self.server = server
        self.dialogue = dialogue
        self.error = error
        self.size = size
        self.isSent = isSent
    }

    /// The status of the recipient at this index.
    func status(onRecipient index: Int) -> SMTPStatus {
        if index < dialogue.recipientReplies.count,
            let reply = dialogue.recipientReplies[index], !reply.isCompletion
        {
            return status(on: reply, to: .recipient)
        }
        // After a positive reply to the message, the server is responsible, even if something fails
        // afterwards.
        if let reply = dialogue.messageReply, reply.isCompletion {
            return .accepted(reply: redacted(reply.description))
        }
        return statusOfAll
    }

    /// Why no message could be sent, and what to change.
    var obstacle: String {
        switch statusOfAll {
        case .accepted(let reason), .blocked(let reason), .tooLarge(let reason, _, _): reason
        case .later(let reason), .refused(let reason):
            "\(reason); check --smtpHost, and whether the server is running"
        }
    }

    /// The status of the message for the recipients that the server accepted.
    private var statusOfAll: SMTPStatus {
        if let reply = dialogue.rejection {
            return status(on: reply, to: dialogue.rejectedStage)
        }
        guard let error else {
            return .later(reason: "\(server): the server did not reply to the message")
        }
        if error.code == .abortedByCallback, let limit = dialogue.sizeLimit, size > limit {
            return .tooLarge(
                reason: "\(server) accepts at most \(limit) bytes, and the message has \(size)",
                limit: limit, isCertain: true)
        }
        if server.credentials != nil, !dialogue.isLoggedIn,
            error.code == .abortedByCallback || error.code == .loginDenied
        {
            // What the server says before the login cannot repeat the password, and a short one may be
            // part of a word.
            if let line = dialogue.ignoredLogins {
                let reason = "a login is configured, and libcurl ignores the server's line \(line)"
                return .blocked(
                    reason: "\(server): \(reason)"
                        + ": it requires AUTH and the mechanisms in capitals; change that line at "
                        + "the server, or use a sendmail command such as msmtp")
            }
            let offer = dialogue.offeredLogins.map { "only AUTH \($0)" } ?? "no AUTH"
            let reason = "a login is configured, and the server offers \(offer)"
            return .blocked(
                reason: "\(server): \(reason)"
                    + "; check the port, --tls, and whether a user name is required")
        }
        if error.code == .useSSLFailed, let line = dialogue.ignoredStartTLS {
            return .blocked(
                reason: "\(server): libcurl ignores the server's line \(line)"
                    + ": it requires STARTTLS in capitals; change that line at the server, or use a "
                    + "sendmail command such as msmtp")
        }
        var reason = "\(server): \(error)"
        if error.code == .operationTimedout, let stage = dialogue.awaited {
            reason += ", waiting for the reply to \(stage)"
        }
        if dialogue.awaited == .message && isSent { reason += "; it may have been delivered" }
        guard let remedy = Self.remedy(error.code) else { return .later(reason: redacted(reason)) }
        return .blocked(reason: "\(redacted(reason)); \(remedy)")
    }

    private func status(on reply: SMTPReply, to stage: SMTPDialogue.Stage) -> SMTPStatus {
        let reason = redacted("\(server) replied \(reply) to \(stage)")
        if reply.isAboutSize && stage.concernsMessage(reply) {
            return .tooLarge(
                reason: reason, limit: dialogue.sizeLimit, isCertain: reply.enhancedStatus != nil)
        }
        // A reply with any other first digit is invalid here, and may be temporary.
        guard reply.code / 100 == 5 else { return .later(reason: reason) }
        guard let remedy = stage.remedy(for: reply) else { return .refused(reason: reason) }
        return .blocked(reason: "\(reason); \(remedy)")
    }

    /// What to change after a permanent failure of libcurl.
    private static func remedy(_ code: CurlErrorCode) -> String? {
        switch code {
        case .unsupportedProtocol, .urlMalformat, .badFunctionArgument, .remoteAccessDenied:
            "check --smtpHost"
        case .notBuiltIn, .unknownOption: "install another libcurl"
        case .sslCertproblem, .peerFailedVerification, .sslIssuerError, .sslCACertBadfile:
            "check the server's certificate and --cacert"
        case .useSSLFailed: "check the port, or remove --tls"
        case .loginDenied: "check --userName and the password"
        default: nil
        }
    }

    /// Removes the password, in case the server echoed it.
    private func redacted(_ text: String) -> String {
        guard let login = server.credentials, !login.password.isEmpty else { return text }
        return text.redacting([
            Base64.encode("\0\(login.user)\0\(login.password)"), Base64.encode(login.password),
            login.password,
        ])
    }
}

extension SMTPDialogue.Stage {
    /// Whether a reply about a size, such as 552 (`SMTPReply.isAboutSize`), concerns the size of the
    /// message.
    ///
    /// In reply to a recipient, 552 alone means a full mailbox.
    fileprivate func concernsMessage(_ reply: SMTPReply) -> Bool {
        switch self {
        case .sender, .data, .message: true
        case .recipient: reply.enhancedStatus != nil
        case .greeting, .hello, .startTLS, .login, .goodbye: false
        }
    }

    /// What an operator can change after a 5xx reply; nil if only the message is the cause.
    fileprivate func remedy(for reply: SMTPReply) -> String? {
        switch self {
        case .greeting, .hello: "check --smtpHost, and whether this host may send mail there"
        case .startTLS: "check the port, or remove --tls"
        case .login: "check --userName and the password"
        case .sender, .recipient: remedy(forEnvelope: reply)
        case .data, .goodbye: "check whether this host may send mail there"
        case .message: Self.remedy(forMessage: reply)
        }
    }

    /// What an operator can change after a reply to MAIL FROM or RCPT TO.
    ///
    /// Many servers reject the client, EHLO and the sender only in reply to RCPT TO, such as Postfix
    /// with `smtpd_delay_reject`.
    private func remedy(forEnvelope reply: SMTPReply) -> String {
        let words = reply.text.lowercased()
        if words.containsText("starttls") { return "add --tls" }
        if words.containsText("helo") || words.containsText("ehlo") {
            return "check this host's name"
        }
        switch (reply.code, reply.enhancedStatus?.subject, reply.enhancedStatus?.detail) {
        case (530, _, _): return "check whether a login is required"
        case (_, 1?, 7?), (_, 1?, 8?): return "check --fromEmail"
        case (_, 7?, _):
            let isSender = self == .sender || words.containsText("sender address")
            let address = isSender ? "--fromEmail" : "the addresses"
            return "check \(address), whether a login is required, and whether this host may "
                + "send mail there"
        case _ where self == .sender: return "check --fromEmail, and whether a login is required"
        case _ where words.containsText("sender"): return "check --fromEmail"
        default: return "check the recipient's address"
        }
    }

    /// What an operator can change after a reply to the message (RFC 3463, section 3; RFC 7372;
    /// IANA's SMTP Enhanced Status Codes).
    private static func remedy(forMessage reply: SMTPReply) -> String? {
        if [530, 534, 535, 538].contains(reply.code) { return "check --userName and the password" }
        guard let (subject, detail) = reply.enhancedStatus else { return nil }
        switch subject {
        case 1, 2: return "check the addresses"
        case 3, 4: return "check the mail server"
        case 7 where [8, 9, 11].contains(detail): return "check --userName and the password"
        // SPF, DKIM, DMARC, reverse DNS
        case 7 where (20...29).contains(detail):
            return "check whether this host may send mail as --fromEmail"
        default: return nil
        }
    }
}

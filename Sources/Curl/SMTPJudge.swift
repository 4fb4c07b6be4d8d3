internal import Text

/// Determines the delivery status of each recipient from the finished dialogue and libcurl's error.
struct SMTPJudge {
    private let server: SMTPServer
    private let dialogue: SMTPDialogue
    private let error: CurlError?

    init(server: SMTPServer, dialogue: SMTPDialogue, error: CurlError?) {
        self.server = server
        self.dialogue = dialogue
        self.error = error
    }

    /// The status of the recipient at this index.
    func status(onRecipient index: Int) -> SMTPStatus {
        if index < dialogue.recipientReplies.count,
            let reply = dialogue.recipientReplies[index], !reply.isPositive
        {
            return status(on: reply, to: .recipient)
        }
        // With a positive reply to the message the server is responsible, whatever fails
        // afterwards.
        if let reply = dialogue.messageReply, reply.isPositive {
            return .accepted(reply: redacted(reply.description))
        }
        return verdictOnAll
    }

    /// The status of the recipients that the server accepted.
    private var verdictOnAll: SMTPStatus {
        if let reply = dialogue.rejection {
            return status(on: reply, to: dialogue.rejectedStage)
        }
        guard let error else {
            return .later(reason: "\(server): the server did not reply to the message")
        }
        if server.credentials != nil, !dialogue.isLoggedIn,
            error.code == .abortedByCallback || error.code == .loginDenied
        {
            let offer = dialogue.offeredLogins.map { "only AUTH \($0)" } ?? "no AUTH"
            let reason = "a login is configured, and the server offers \(offer)"
            return .refused(reason: redacted("\(server): \(reason)"))
        }
        var reason = "\(server): \(error)"
        if error.code == .operationTimedout, let stage = dialogue.awaited {
            reason += ", waiting for the reply to \(stage)"
        }
        return Self.lasting.contains(error.code)
            ? .refused(reason: redacted(reason)) : .later(reason: redacted(reason))
    }

    private func status(on reply: SMTPReply, to stage: SMTPDialogue.Stage) -> SMTPStatus {
        let reason = redacted("\(server) said \(reply) in reply to \(stage)")
        // SMTP defines no other first digit here, so treat it as temporary.
        return reply.code / 100 == 5 ? .refused(reason: reason) : .later(reason: reason)
    }

    /// Failures that persist until a setting or a certificate changes.
    private static let lasting: Set<CurlErrorCode> = [
        .unsupportedProtocol, .urlMalformat, .notBuiltIn, .badFunctionArgument, .unknownOption,
        .remoteAccessDenied, .sslCertproblem, .peerFailedVerification, .useSSLFailed, .loginDenied,
        .sslIssuerError,
    ]

    /// Removes the password, in case the server echoed it.
    private func redacted(_ text: String) -> String {
        guard let login = server.credentials, !login.password.isEmpty else { return text }
        return text.redacting([
            Base64.encode("\0\(login.user)\0\(login.password)"), Base64.encode(login.password),
            login.password,
        ])
    }
}

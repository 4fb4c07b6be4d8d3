// Decides from a dialogue and libcurl's error what became of a message for each recipient.

internal import Text

/// Judges a dialogue that is over.
struct SMTPJudge {
    private let server: SMTPServer
    private let dialogue: SMTPDialogue
    private let error: CurlError?

    init(server: SMTPServer, dialogue: SMTPDialogue, error: CurlError?) {
        self.server = server
        self.dialogue = dialogue
        self.error = error
    }

    /// What became of the message for the recipient that was named at this place.
    func status(onRecipient index: Int) -> SMTPStatus {
        if index < dialogue.recipientReplies.count,
            let reply = dialogue.recipientReplies[index], !reply.isPositive
        {
            return status(on: reply, to: .recipient)
        }
        // Whatever happened after it: with this reply the server is responsible.
        if let reply = dialogue.messageReply, reply.isPositive {
            return .accepted(reply: redacted(reply.description))
        }
        return verdictOnAll
    }

    /// What became of the message for those whom the server had nothing against.
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
        // Any other first digit is no reply that the protocol knows there; it may pass.
        return reply.code / 100 == 5 ? .refused(reason: reason) : .later(reason: reason)
    }

    /// Failures that stay until someone changes a setting or a certificate.
    private static let lasting: Set<CurlErrorCode> = [
        .unsupportedProtocol, .urlMalformat, .notBuiltIn, .badFunctionArgument, .unknownOption,
        .remoteAccessDenied, .sslCertproblem, .peerFailedVerification, .useSSLFailed, .loginDenied,
        .sslIssuerError,
    ]

    /// The text without the password, should a server repeat what it was sent.
    private func redacted(_ text: String) -> String {
        guard let login = server.credentials, !login.password.isEmpty else { return text }
        return text.redacting([
            Base64.encode("\0\(login.user)\0\(login.password)"), Base64.encode(login.password),
            login.password,
        ])
    }
}

internal import Alerting
internal import Curl
internal import Glibc

/// The settings for mail of ``DeliveryOptions``.
struct MailSettings {
    /// The sender and recipients; nil if no mail is sent.
    let mailing: Envelope?

    /// The mail channel; nil if no mail is sent.
    let channel: (any Channel)?

    /// Probable mistakes.
    let warnings: [String]

    /// Reads the options.
    ///
    /// Unused ones are validated too.
    init(
        _ arguments: ParsedArguments, host: SupervisorEnvironment,
        authorities: CertificateAuthorities,
        mailer: Settings.Mailer
    ) throws(UsageError) {
        let sender = try arguments.value(.fromEmail)?.mailAddress() ?? .defaultSender()
        let recipients = try arguments.value(.email)?.mailAddresses()
        let command = try Self.command(arguments)
        let server = try Self.server(arguments, authorities)
        let login = try Self.login(arguments, host)

        let usesSMTP = mailer == .smtp ? command == nil : arguments.has(.smtpHost)
        mailing = recipients.map {
            Envelope(sender: sender, recipients: $0, hasHTML: arguments.has(.html))
        }
        channel = mailing.map { mailing -> any Channel in
            usesSMTP
                ? SMTPChannel(server: server, login: login, mailing: mailing)
                : SendmailChannel(
                    command: command ?? Settings.sendmail, mailing: mailing,
                    namesSender: arguments.has(.fromEmail))
        }
        warnings = usesSMTP ? Self.warnings(arguments, server, login) : []
    }

    private static func command(_ arguments: ParsedArguments) throws(UsageError) -> String? {
        guard let value = arguments.value(.sendmail) else { return nil }
        guard value.text.contains(where: { !$0.isWhitespace }) else {
            throw .invalidValue(value.name, wanted: "a command such as '\(Settings.sendmail)'")
        }
        return value.text
    }

    private static func server(
        _ arguments: ParsedArguments, _ authorities: CertificateAuthorities
    ) throws(UsageError) -> SMTPServer {
        let address = try arguments.value(.smtpHost)?.smtpServer() ?? .localhost
        let security: SMTPServer.Security =
            address.hasImplicitTLS ? .implicitTLS : arguments.has(.tls) ? .startTLS : .plain
        return SMTPServer(
            host: address.host, port: address.port, security: security, authorities: authorities)
    }

    /// The credentials, if both name and password are given; superlance ignores one without the
    /// other.
    private static func login(
        _ arguments: ParsedArguments, _ host: SupervisorEnvironment
    ) throws(UsageError) -> SMTPLogin? {
        let file = try arguments.value(.passwordFile)?.text(wanting: "a file")
        guard let user = arguments.value(.userName)?.text, !user.isEmpty else { return nil }
        if let file { return SMTPLogin(.file(user: user, path: file)) }
        let given = arguments.value(.password)?.text ?? ""
        guard let password = given.isEmpty ? host["SUPERLANCE_SMTP_PASSWORD"] : given else {
            return nil
        }
        return SMTPLogin(.known(Credentials(user: user, password: password)))
    }

    private static func warnings(
        _ arguments: ParsedArguments, _ server: SMTPServer, _ login: SMTPLogin?
    ) -> [String] {
        let isNamed = arguments.value(.userName)?.text.isEmpty == false
        guard login != nil else {
            return isNamed ? ["no password for --userName, not logging in"] : []
        }
        guard server.security == .plain && !isLoopback(server.host) else { return [] }
        return ["the password is sent to \(server) unencrypted: add --tls, or use smtps://"]
    }

    private static func isLoopback(_ host: String) -> Bool {
        host.lowercased() == "localhost" || host.hasPrefix("127.") || host == "::1"
    }
}

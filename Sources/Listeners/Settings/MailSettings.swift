internal import Alerting
internal import Curl
internal import Glibc

/// The settings for mail of ``DeliveryOptions``.
struct MailSettings {
    /// The sender and recipients; nil if no mail is sent.
    let envelope: Envelope?

    /// The mail channels, one for each list of recipients.
    let channels: [any Channel]

    /// Who gets the mails about which processes.
    let routes: MailRoutes

    /// Probable mistakes.
    let warnings: [String]

    /// Reads the options.
    ///
    /// Unused ones are validated too.
    init(
        _ arguments: ParsedArguments, environment: ListenerEnvironment,
        authorities: CertificateAuthorities,
        mailer: Settings.Mailer
    ) throws(UsageError) {
        let sender = try arguments.value(.fromEmail)?.mailAddress() ?? .defaultSender()
        let routes = try MailRoutes(arguments)
        self.routes = routes
        let command = try Self.command(arguments)
        let server = try Self.server(arguments, authorities)
        let login = try Self.login(arguments, environment)

        let presentation = try AlertPresentation(arguments)
        let usesSMTP = mailer == .smtp ? command == nil : arguments.has(.smtpHost)
        let lists = routes.lists
        envelope =
            lists.isEmpty ? nil : Envelope(sender: sender, recipients: lists.flatMap { $0 })
        channels = lists.map { recipients -> any Channel in
            let isForOthers = recipients == routes.others
            let envelope = Envelope(
                sender: sender, recipients: recipients, hasHTML: arguments.has(.html),
                isOneOfSeveral: !isForOthers)
            let channel: any Channel =
                usesSMTP
                ? SMTPChannel(server: server, login: login, envelope: envelope)
                : SendmailChannel(
                    command: command ?? Settings.sendmail, envelope: envelope,
                    namesSender: arguments.has(.fromEmail))
            guard !routes.routes.isEmpty else { return channel }
            let names = recipients.map(\.mailbox).joined(separator: ",")
            return RoutedChannel(
                channel, recipients: isForOthers ? nil : names, title: presentation.title
            ) { incident in
                routes.recipients(of: incident.process) == recipients
            }
        }
        warnings =
            Self.unused(arguments, usesSMTP: usesSMTP)
            + (usesSMTP ? Self.warnings(arguments, server, login) : [])
    }

    private static func command(_ arguments: ParsedArguments) throws(UsageError) -> String? {
        guard let value = arguments.value(.sendmail) else { return nil }
        guard value.text.contains(where: { !$0.isWhitespace }) else {
            throw .invalidValue(value.name, expected: "a command such as '\(Settings.sendmail)'")
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
        _ arguments: ParsedArguments, _ environment: ListenerEnvironment
    ) throws(UsageError) -> SMTPLogin? {
        let file = try arguments.value(.passwordFile)?.text(requiring: "a file")
        guard let user = arguments.value(.userName)?.text, !user.isEmpty else { return nil }
        if let file { return SMTPLogin(.file(user: user, path: file)) }
        let given = arguments.value(.password)?.text ?? ""
        guard let password = given.isEmpty ? environment["SUPERLANCE_SMTP_PASSWORD"] : given else {
            return nil
        }
        return SMTPLogin(.known(Credentials(user: user, password: password)))
    }

    /// Warns about options that have no effect, because mail is sent in the other way.
    private static func unused(_ arguments: ParsedArguments, usesSMTP: Bool) -> [String] {
        guard !usesSMTP else {
            return arguments.has(.sendmail)
                ? ["--sendmail_program has no effect with --smtpHost"] : []
        }
        if arguments.has(.smtpHost) { return ["--smtpHost has no effect with --sendmail_program"] }
        return [OptionKey.tls, .userName, .password, .passwordFile].filter(arguments.has).map {
            "--\($0.rawValue) has no effect without --smtpHost"
        }
    }

    /// Warns about a port that requires the other kind of encryption (RFC 8314, section 3.3).
    private static func portWarnings(_ server: SMTPServer) -> [String] {
        if server.security != .implicitTLS && server.port == 465 {
            return ["port 465 requires TLS from the start: write smtps://\(server.host)"]
        }
        guard server.security == .implicitTLS, [25, 587].contains(server.port) else { return [] }
        return ["port \(server.port) requires STARTTLS: write --tls instead of smtps://"]
    }

    private static func warnings(
        _ arguments: ParsedArguments, _ server: SMTPServer, _ login: SMTPLogin?
    ) -> [String] {
        let port = portWarnings(server)
        guard port.isEmpty else { return port }
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

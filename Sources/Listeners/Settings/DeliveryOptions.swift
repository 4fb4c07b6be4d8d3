/// The options for mail and operation, which all tools share.
///
/// superlance's httpok, memmon and crashmail use a sendmail command, and its batch tools an SMTP
/// server. Here all tools have both; the short letters exist only where superlance has them.
enum DeliveryOptions {
    /// The options whose values must not be shown.
    static let secrets = ChannelOptions.secrets.union([
        .password, .serverURL, .header, .data, .pagerDutyURL,
    ])

    /// The options of httpok, memmon and crashmail.
    static let ofSendmailTools: [OptionSpecification] =
        [
            OptionSpecification(
                .email, letter: "m", longName: "email", placeholder: "ADDRESS", isOriginal: true,
                help: "Send mail to this address, or to several separated by commas."),
            OptionSpecification(
                .sendmail, letter: "s", longName: "sendmail_program",
                placeholder: "COMMAND", isOriginal: true,
                help: "Send mail with this command (default: '\(Settings.sendmail)')."),
            OptionSpecification(
                .smtpHost, longName: "smtpHost", placeholder: "HOST",
                help:
                    "Send mail through this SMTP server: HOST, HOST:PORT, smtp://HOST or smtps://HOST."
            ),
            OptionSpecification(
                .fromEmail, longName: "fromEmail", placeholder: "ADDRESS",
                help: "Sender of the mail (default: USER@HOST)."),
            OptionSpecification(
                .subject, longName: "subject", placeholder: "FORMAT",
                help: "Subject of mails, such as '{headline}' (default: depends on the alert)."),
            OptionSpecification(
                .userName, longName: "userName", placeholder: "NAME",
                help: "User name for the SMTP server."),
            OptionSpecification(
                .password, longName: "password", placeholder: "PASSWORD",
                help:
                    "Password for the SMTP server; prefer --password-file or SUPERLANCE_SMTP_PASSWORD."
            ),
            OptionSpecification(
                .tls, longName: "tls", help: "Require STARTTLS."),
        ].map { $0.in(.mail) } + common(FloodOptions.all)

    /// The options of crashmailbatch and fatalmailbatch.
    static let ofSMTPTools = smtp + common(FloodOptions.all)

    /// The options of crashsms.
    static let ofTextMessages = smtp + common(FloodOptions.ofTextMessages)

    /// The options of both families of tools, which share keys but not all names.
    static let ofAllTools = ofSendmailTools + ofSMTPTools

    private static let smtp: [OptionSpecification] =
        [
            OptionSpecification(
                .email, letter: "t", longName: "toEmail", placeholder: "ADDRESS",
                occurrence: .required, isOriginal: true,
                help: "Send mail to this address, or to several separated by commas."),
            OptionSpecification(
                .fromEmail, letter: "f", longName: "fromEmail", placeholder: "ADDRESS",
                occurrence: .required, isOriginal: true, help: "Sender of the mail."),
            OptionSpecification(
                .smtpHost, letter: "H", longName: "smtpHost", placeholder: "HOST", isOriginal: true,
                help:
                    "SMTP server: HOST, HOST:PORT, smtp://HOST or smtps://HOST (default: localhost)."
            ),
            OptionSpecification(
                .userName, letter: "u", longName: "userName", placeholder: "NAME", isOriginal: true,
                help: "User name for the SMTP server."),
            OptionSpecification(
                .password, letter: "p", longName: "password", placeholder: "PASSWORD",
                isOriginal: true,
                help:
                    "Password for the SMTP server; prefer --password-file or SUPERLANCE_SMTP_PASSWORD."
            ),
            OptionSpecification(.tls, longName: "tls", isOriginal: true, help: "Require STARTTLS."),
            OptionSpecification(
                .sendmail, longName: "sendmail_program",
                placeholder: "COMMAND", help: "Send mail with this command instead of SMTP."),
        ].map { $0.in(.mail) }

    private static func common(_ flood: [OptionSpecification]) -> [OptionSpecification] {
        let password = OptionSpecification(
            .passwordFile, longName: "password-file", placeholder: "FILE",
            help: "Read the SMTP password from the first line of this file.")
        let html = OptionSpecification(.html, longName: "html", help: "Add an HTML part to mails.")
        let route = OptionSpecification(
            .route, longName: "route", placeholder: "PATTERN=ADDRESS", occurrence: .repeatable,
            help:
                "Send mail about matching processes to ADDRESS instead; the first matching route applies."
        )
        return [password, html, route].map { $0.in(.mail) }
            + others(flood.map { $0.in(.operation) })
    }

    private static func others(_ flood: [OptionSpecification]) -> [OptionSpecification] {
        ChannelOptions.channels.map { $0.in(.channels) } + flood + operation
            + (ChannelOptions.actions + [
                OptionSpecification.help,
                OptionSpecification(
                    .version, longName: "version", help: "Show the version and exit."),
            ]).map { $0.in(.actions) }
    }

    private static let operation =
        [
            OptionSpecification(
                .runbook, longName: "runbook", placeholder: "URL",
                help: "URL of a runbook for each alert; may contain {group}, {process} and {kind}."),
            OptionSpecification(
                .serverURL, longName: "server-url", placeholder: "URL",
                help:
                    "URL of supervisord, unix:///PATH or http://HOST:PORT (default: SUPERVISOR_SERVER_URL)."
            ),
            OptionSpecification(
                .authorities, longName: "cacert", placeholder: "FILE",
                help:
                    "CA certificates to trust (default: CURL_CA_BUNDLE, SSL_CERT_FILE or the system's)."
            ),
            OptionSpecification(
                .spool, longName: "spool", placeholder: "DIRECTORY",
                help: "Keep undelivered alerts in this directory across restarts."),
            OptionSpecification(
                .silence, longName: "silence", placeholder: "FILE",
                help:
                    "Suppress alerts about the processes listed in this file, and this tool's restarts of them."
            ),
            OptionSpecification(
                .passedVariable, longName: "pass-env", placeholder: "NAME",
                occurrence: .repeatable,
                help: "Pass this environment variable to commands, such as sendmail."),
            OptionSpecification(
                .logFormat, longName: "log-format", placeholder: "FORMAT",
                help: "Log format: text, or json with one object per line (default: text).",
                standard: "text"),
            OptionSpecification(
                .quiet, longName: "quiet", help: "Omit routine log lines."),
        ].map { $0.in(.operation) } + ChannelOptions.monitoring.map { $0.in(.operation) }
}

extension DeliveryOptions {
    /// The options of a tool that environment variables can set.
    static func variable(of table: OptionTable) -> [OptionSpecification] {
        var excluded: Set<OptionKey> = [.help, .version, .testAlert, .showConfig]
        // A text message has no subject, unless its own command line sets one.
        if table.programName == BatchKind.crashSMS.programName { excluded.insert(.subject) }
        let keys = Set(ofAllTools.map(\.key)).subtracting(excluded)
        return table.options.filter { keys.contains($0.key) }
    }

    /// The names of all variables for options.
    static let variables = Set(
        ofAllTools.flatMap(ParsedArguments.variables)
    ).sorted()
}

extension OptionKey {
    static let email: OptionKey = "email"
    static let fromEmail: OptionKey = "fromEmail"
    static let sendmail: OptionKey = "sendmail"
    static let smtpHost: OptionKey = "smtpHost"
    static let userName: OptionKey = "userName"
    static let password: OptionKey = "password"
    static let passwordFile: OptionKey = "password-file"
    static let tls: OptionKey = "tls"
    static let authorities: OptionKey = "cacert"
    static let spool: OptionKey = "spool"
    static let silence: OptionKey = "silence"
    static let passedVariable: OptionKey = "pass-env"
    static let serverURL: OptionKey = "server-url"
    static let logFormat: OptionKey = "log-format"
    static let quiet: OptionKey = "quiet"
    static let version: OptionKey = "version"
}

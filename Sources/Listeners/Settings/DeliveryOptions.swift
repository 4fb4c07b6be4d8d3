// The options by which all six tools are told how to send mail and where supervisord is.

/// The options by which all six tools are told how to send mail and where supervisord is.
///
/// httpok, memmon and crashmail have had a sendmail command from the start, the batch three an SMTP
/// server: the same options are superlance's own in one family and ours in the other, and have
/// letters only in theirs.
enum DeliveryOptions {
    /// The options whose values must not be seen.
    static let secrets = ChannelOptions.secrets.union([.password, .serverURL])

    /// The options of httpok, memmon and crashmail.
    static let ofSendmailTools: [OptionSpecification] =
        [
            OptionSpecification(
                .email, letter: "m", longName: "email", placeholder: "ADDRESS", isOfficial: true,
                help: "Who gets the mail, several separated by commas; nobody by default."),
            OptionSpecification(
                .sendmail, letter: "s", longName: "sendmail_program", aliases: ["sendmail"],
                placeholder: "COMMAND", isOfficial: true,
                help:
                    "The command that takes a mail on its input; '\(Settings.sendmail)' by default."
            ),
            OptionSpecification(
                .smtpHost, longName: "smtpHost", placeholder: "HOST",
                help: "Send by SMTP to host, host:port, smtp://host or smtps://host instead."),
            OptionSpecification(
                .fromEmail, longName: "fromEmail", placeholder: "ADDRESS",
                help: "Who sends the mail; user@host by default."),
            OptionSpecification(
                .userName, longName: "userName", placeholder: "NAME",
                help: "The login at the SMTP server."),
            OptionSpecification(
                .password, longName: "password", placeholder: "PASSWORD",
                help: "Its password; better in --password-file or SUPERLANCE_SMTP_PASSWORD."),
            OptionSpecification(
                .tls, longName: "tls", help: "Encrypt by STARTTLS, or send nothing."),
        ] + common

    /// The options of crashmailbatch, fatalmailbatch and crashsms.
    static let ofSMTPTools: [OptionSpecification] =
        [
            OptionSpecification(
                .email, letter: "t", longName: "toEmail", placeholder: "ADDRESS",
                occurrence: .required, isOfficial: true,
                help: "Who gets the mail, several separated by commas."),
            OptionSpecification(
                .fromEmail, letter: "f", longName: "fromEmail", placeholder: "ADDRESS",
                occurrence: .required, isOfficial: true, help: "Who sends the mail."),
            OptionSpecification(
                .smtpHost, letter: "H", longName: "smtpHost", placeholder: "HOST", isOfficial: true,
                help:
                    "The SMTP server: host, host:port, smtp://host or smtps://host; localhost by default."
            ),
            OptionSpecification(
                .userName, letter: "u", longName: "userName", placeholder: "NAME", isOfficial: true,
                help: "The login at the SMTP server."),
            OptionSpecification(
                .password, letter: "p", longName: "password", placeholder: "PASSWORD",
                isOfficial: true,
                help: "Its password; better in --password-file or SUPERLANCE_SMTP_PASSWORD."),
            OptionSpecification(
                .tls, longName: "tls", isOfficial: true,
                help: "Encrypt by STARTTLS, or send nothing."),
            OptionSpecification(
                .sendmail, longName: "sendmail_program", aliases: ["sendmail"],
                placeholder: "COMMAND",
                help: "Send by a command that takes a mail on its input instead."),
        ] + common

    private static let common =
        [
            OptionSpecification(
                .passwordFile, longName: "password-file", placeholder: "FILE",
                help: "A file whose first line is the password at the SMTP server."),
            OptionSpecification(
                .authorities, longName: "cacert", placeholder: "FILE",
                help:
                    "The certificate authorities to trust; CURL_CA_BUNDLE, SSL_CERT_FILE or the system's by default."
            ),
            OptionSpecification(
                .spool, longName: "spool", placeholder: "DIRECTORY",
                help: "Keep alerts here until they are delivered; SUPERLANCE_SPOOL by default."),
        ] + ChannelOptions.channels + [
            OptionSpecification(
                .serverURL, longName: "server-url", placeholder: "URL",
                help:
                    "Where supervisord is, unix:///path or http://host:port; SUPERVISOR_SERVER_URL by default."
            )
        ] + ChannelOptions.actions + [
            OptionSpecification.help,
            OptionSpecification(.version, longName: "version", help: "Show the version and exit."),
        ]
}

extension DeliveryOptions {
    /// The options of a tool that may come from the environment, too.
    static func variable(of table: OptionTable) -> [OptionSpecification] {
        let actions: Set<OptionKey> = [.help, .version, .testAlert, .showConfig]
        let keys = Set((ofSendmailTools + ofSMTPTools).map(\.key)).subtracting(actions)
        return table.options.filter { keys.contains($0.key) }
    }

    /// The names of all variables that options may come from.
    static let variables = Set(
        (ofSendmailTools + ofSMTPTools).flatMap(ParsedArguments.variables)
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
    static let serverURL: OptionKey = "server-url"
    static let version: OptionKey = "version"
}

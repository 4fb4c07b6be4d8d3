internal import Alerting
internal import Curl
internal import EventLoop
internal import Glibc
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// The settings that all tools share.
struct Settings {
    /// How mail is sent by default.
    enum Mailer {
        /// With a command.
        case sendmail
        /// Over SMTP.
        case smtp
    }

    /// superlance's default command.
    static let sendmail = "/usr/sbin/sendmail -t -i"

    /// The command line.
    let arguments: ParsedArguments

    /// The environment.
    let host: SupervisorEnvironment

    /// The sender and recipients; nil if no mail is sent.
    let mailing: Envelope?

    /// Who gets the mails about which processes.
    let routes: MailRoutes

    /// The alert channels.
    let channels: [any Channel]

    /// The sender of the alerts.
    let origin: Origin

    /// The contents of all alerts.
    let presentation: AlertPresentation

    /// The settings of channels other than mail, and of monitoring.
    let other: ChannelSettings

    /// Whether there are channels other than mail.
    var hasOtherChannels: Bool { !other.channels.isEmpty }

    /// How many alerts are sent at once.
    let flood: FloodLimit

    /// The directory for undelivered alerts; nil to keep them in memory.
    let spool: String?

    /// The names of additional variables to pass to commands.
    let passedVariables: [String]

    /// The certificate authorities to trust.
    let authorities: CertificateAuthorities

    /// The format of log lines.
    let logFormat: Log.Format

    /// Whether to omit log lines that report no problem.
    let isQuiet: Bool

    /// Probable mistakes.
    let warnings: [String]

    /// Reads the settings.
    ///
    /// - Parameters:
    ///   - arguments: The command line.
    ///   - table: The tool's options.
    ///   - host: The environment.
    ///   - mailer: How mail is sent by default.
    /// - Throws: `UsageError` for invalid values.
    init(
        _ arguments: ParsedArguments, of table: OptionTable, host: SupervisorEnvironment,
        mailer: Mailer
    ) throws(UsageError) {
        let arguments = try arguments.adding(DeliveryOptions.variable(of: table), from: host)
        self.arguments = arguments
        self.host = host
        origin = Origin(tool: table.programName, listener: host.own?.description)
        authorities = .choose(option: arguments.value(.authorities)?.text) { host[$0] }
        let mail = try MailSettings(arguments, host: host, authorities: authorities, mailer: mailer)
        mailing = mail.mailing
        presentation = try AlertPresentation(arguments)
        routes = mail.routes
        other = try ChannelSettings(arguments, origin: origin, authorities: authorities)
        channels = mail.channels + other.channels
        // superlance ignores unexpected arguments, so they cannot be rejected.
        let stray = table.operands.isEmpty ? arguments.operands : []
        spool = try Self.spool(arguments, host)
        flood = try FloodOptions.limit(arguments, of: table)
        logFormat = try Self.logFormat(arguments)
        isQuiet = arguments.has(.quiet)
        passedVariables = try arguments.values(.passedVariable).map { value throws(UsageError) in
            let name = try value.text(wanting: Self.variableName)
            guard !name.utf8.contains(UInt8(ascii: "=")) else {
                throw .invalidValue(value.name, wanted: Self.variableName)
            }
            return name
        }
        warnings =
            mail.warnings + other.warnings + Self.unreadableFiles(arguments)
            + MisspeltVariables.warnings(among: host.variableNames)
            + stray.map { "ignoring unexpected argument '\($0)'" }
    }

    private static let variableName = "the name of an environment variable"

    private static func spool(
        _ arguments: ParsedArguments, _ host: SupervisorEnvironment
    ) throws(UsageError) -> String? {
        guard let value = arguments.value(.spool) else { return host["SUPERLANCE_SPOOL"] }
        return try value.text(wanting: "a directory")
    }

    private static func logFormat(_ arguments: ParsedArguments) throws(UsageError) -> Log.Format {
        guard let value = arguments.value(.logFormat) else { return .text }
        switch value.text {
        case "text": return .text
        case "json": return .json
        default: throw value.error(wanting: "text or json")
        }
    }

    /// The files that cannot currently be read.
    ///
    /// This is not an error: a file may appear later, for example when a file system is mounted;
    /// deliveries are retried until then.
    private static func unreadableFiles(_ arguments: ParsedArguments) -> [String] {
        [OptionKey.authorities, .passwordFile, .certificate, .key, .userFile].compactMap { key in
            guard let value = arguments.value(key), !value.text.isEmpty,
                unsafe access(value.text, R_OK) != 0
            else { return nil }
            return "\(value.name): cannot read \(value.text): \(SystemError.words(for: errno))"
        }
    }

    /// Returns the connection to supervisord, for tools that can work without one.
    ///
    /// - Throws: `UsageError` when an address is invalid.
    func optionalClient() throws(UsageError) -> SupervisorClient? {
        let isKnown = arguments.has(.serverURL) || host["SUPERVISOR_SERVER_URL"] != nil
        return isKnown ? try client() : nil
    }

    /// Returns the connection to supervisord.
    ///
    /// - Throws: `UsageError` when there is none.
    func client() throws(UsageError) -> SupervisorClient {
        try host.client(url: arguments.value(.serverURL), authorities: authorities)
    }
}

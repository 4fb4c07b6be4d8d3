// What a tool was started with, as far as it is the same for all of them.

internal import Alerting
internal import Curl
internal import EventLoop
internal import Glibc
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// What a tool was started with, as far as it is the same for all of them.
struct Settings {
    /// A way of sending mail.
    enum Mailer {
        /// By a command.
        case sendmail
        /// By a server.
        case smtp
    }

    /// The command when none is given, as in superlance.
    static let sendmail = "/usr/sbin/sendmail -t -i"

    /// The command line.
    let arguments: ParsedArguments

    /// The context.
    let host: SupervisorEnvironment

    /// Who writes to whom; nothing if nobody is to get mail.
    let mailing: Envelope?

    /// By which ways alerts go out.
    let channels: [any Channel]

    /// Who tells.
    let origin: Origin

    /// What else is told, and to whom besides by mail.
    let other: ChannelSettings

    /// Whether somebody is told besides by mail.
    var hasOtherChannels: Bool { !other.channels.isEmpty }

    /// Where alerts are kept until they are delivered; nothing for memory only.
    let spool: String?

    /// The names of variables that commands may have besides the usual ones.
    let passedVariables: [String]

    /// Whose certificates are believed.
    let authorities: CertificateAuthorities

    /// How the log is written.
    let logFormat: Log.Format

    /// Whether lines that report nothing wrong are not logged.
    let isQuiet: Bool

    /// What is probably a mistake.
    let warnings: [String]

    /// Reads the settings.
    ///
    /// - Parameters:
    ///   - arguments: The command line.
    ///   - table: What the tool takes.
    ///   - host: The context.
    ///   - mailer: The way of sending mail when nothing is said about it.
    /// - Throws: `UsageError` for what makes no sense.
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
        other = try ChannelSettings(arguments, origin: origin, authorities: authorities)
        channels = (mail.channel.map { [$0] } ?? []) + other.channels
        // superlance takes no notice of stray words, so they cannot be forbidden.
        let stray = table.operands.isEmpty ? arguments.operands : []
        spool = try Self.spool(arguments, host)
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

    /// What cannot currently be read.
    ///
    /// It may come, with another file system for instance; what is to be delivered waits for it.
    private static func unreadableFiles(_ arguments: ParsedArguments) -> [String] {
        [OptionKey.authorities, .passwordFile, .certificate, .key, .userFile].compactMap { key in
            guard let value = arguments.value(key), !value.text.isEmpty,
                unsafe access(value.text, R_OK) != 0
            else { return nil }
            return "\(value.name): cannot read \(value.text): \(SystemError.words(for: errno))"
        }
    }

    /// The way to supervisord, for those who can do without.
    ///
    /// - Throws: `UsageError` when an address cannot be understood.
    func optionalClient() throws(UsageError) -> SupervisorClient? {
        let isKnown = arguments.has(.serverURL) || host["SUPERVISOR_SERVER_URL"] != nil
        return isKnown ? try client() : nil
    }

    /// The way to supervisord.
    ///
    /// - Throws: `UsageError` when there is none.
    func client() throws(UsageError) -> SupervisorClient {
        try host.client(url: arguments.value(.serverURL), authorities: authorities)
    }
}

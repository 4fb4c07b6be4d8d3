internal import Alerting
internal import Curl
internal import EventLoop
internal import Glibc
internal import ListenerProtocol
internal import SupervisorRPC
internal import System
internal import Text

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
    let environment: ListenerEnvironment

    /// The sender and recipients; nil if no mail is sent.
    let envelope: Envelope?

    /// Who gets the mails about which processes.
    let routes: MailRoutes

    /// The alert channels.
    let channels: [any Channel]

    /// The sender of the alerts.
    let origin: Origin

    /// The contents of all alerts.
    let presentation: AlertPresentation

    /// The settings of channels other than mail, and of monitoring.
    let channelSettings: ChannelSettings

    /// Whether there are channels other than mail.
    var hasOtherChannels: Bool { !channelSettings.channels.isEmpty }

    /// How many alerts are sent at once.
    let flood: FloodLimit

    /// The directory for undelivered alerts; nil to keep them in memory.
    let spool: String?

    /// The path of the silence file; nil for none.
    let silenceFile: String?

    /// The names of additional variables to pass to commands.
    let passedVariables: [String]

    /// The certificate authorities to trust.
    let authorities: CertificateAuthorities

    /// The format of log lines.
    let logFormat: Log.Format

    /// Whether to omit log lines that report no problem.
    let isQuiet: Bool

    /// Probable mistakes, except ``unreadableFiles`` and ``unexpanded``.
    let doubts: [String]

    /// Unexpected arguments.
    let strays: [String]

    /// The files that cannot currently be read, each with its option and the reason.
    ///
    /// This is not an error: a file may appear later, for example when a file system is mounted;
    /// deliveries are retried until then.
    let unreadableFiles: [String]

    /// Values with variables that nothing expands.
    let unexpanded: [String]

    /// Probable mistakes.
    var warnings: [String] { unreadableFiles + doubts + unexpanded + strays }

    /// Reads the settings.
    ///
    /// - Parameters:
    ///   - arguments: The command line.
    ///   - table: The tool's options.
    ///   - environment: The environment.
    ///   - mailer: How mail is sent by default.
    /// - Throws: `UsageError` for invalid values.
    init(
        _ arguments: ParsedArguments, of table: OptionTable, environment: ListenerEnvironment,
        mailer: Mailer
    ) throws(UsageError) {
        let arguments = try arguments.adding(DeliveryOptions.variable(of: table), from: environment)
        self.arguments = arguments
        self.environment = environment
        origin = Origin(tool: table.programName, listener: environment.own?.description)
        authorities = .choose(option: arguments.value(.authorities)?.text) { environment[$0] }
        let mail = try MailSettings(
            arguments, environment: environment, authorities: authorities, mailer: mailer)
        envelope = mail.envelope
        presentation = try AlertPresentation(arguments)
        routes = mail.routes
        channelSettings = try ChannelSettings(
            arguments, origin: origin, authorities: authorities)
        channels = mail.channels + channelSettings.channels
        // superlance ignores unexpected arguments, so they cannot be rejected.
        let stray = table.operands.isEmpty ? arguments.operands : []
        spool = try Self.spool(arguments, environment)
        silenceFile = try arguments.value(.silence)?.text(requiring: "a file")
        flood = try FloodOptions.limit(arguments, of: table)
        logFormat = try Self.logFormat(arguments)
        isQuiet = arguments.has(.quiet)
        passedVariables = try arguments.values(.passedVariable).map { value throws(UsageError) in
            let name = try value.text(requiring: Self.variableName)
            guard Self.isVariableName(name) else {
                throw .invalidValue(value.name, expected: Self.variableName)
            }
            return name
        }
        unreadableFiles = Self.unreadableFiles(arguments, authorities, environment)
        doubts =
            mail.warnings + channelSettings.warnings
            + MisspeltVariables.warnings(among: environment.variableNames)
        unexpanded = table.unexpanded(in: arguments.occurrences, operands: arguments.operands)
        strays = stray.map { "ignoring unexpected argument '\(UsageError.withoutLogin($0))'" }
    }

    private static let variableName = "the name of an environment variable"

    /// Whether a shell could set the variable (POSIX.1-2017, XBD 3.235).
    private static func isVariableName(_ name: String) -> Bool {
        guard let first = name.utf8.first, !first.isASCIIDigit else { return false }
        return name.utf8.allSatisfy { byte in
            byte.isASCIILetter || byte.isASCIIDigit || byte == UInt8(ascii: "_")
        }
    }

    private static func spool(
        _ arguments: ParsedArguments, _ environment: ListenerEnvironment
    ) throws(UsageError) -> String? {
        guard let value = arguments.value(.spool) else { return environment["SUPERLANCE_SPOOL"] }
        return try value.text(requiring: "a directory")
    }

    private static func logFormat(_ arguments: ParsedArguments) throws(UsageError) -> Log.Format {
        guard let value = arguments.value(.logFormat) else { return .text }
        switch value.text {
        case "text": return .text
        case "json": return .json
        default: throw value.error(requiring: "text or json")
        }
    }

    /// The format of log lines for a command line that may be invalid elsewhere.
    ///
    /// - Parameters:
    ///   - words: The words of the command line.
    ///   - environment: The environment.
    /// - Returns: The format; text unless a valid value is found.
    static func probableLogFormat(
        _ words: [String], _ environment: ListenerEnvironment
    ) -> Log.Format {
        let option = "--log-format"
        var value = environment["SUPERLANCE_LOG_FORMAT"]
        for (word, next) in zip(words, words.dropFirst() + [""]) {
            if word == option { value = next }
            if word.hasPrefix("\(option)=") { value = String(word.dropFirst(option.count + 1)) }
        }
        return value == "json" ? .json : .text
    }

    private static func unreadableFiles(
        _ arguments: ParsedArguments, _ authorities: CertificateAuthorities,
        _ environment: ListenerEnvironment
    ) -> [String] {
        let keys: [OptionKey] = [.authorities, .passwordFile, .certificate, .key, .userFile]
        var files = keys.compactMap { arguments.value($0) }.map { ($0.name, $0.text) }
        if !arguments.has(.authorities), let file = authorities.file {
            let name = CertificateAuthorities.variables.first { environment[$0] == file }
            files.append((name ?? "", file))
        }
        return files.compactMap { name, path in
            guard !path.isEmpty, let code = readError(of: path) else { return nil }
            return "\(name): cannot read \(path): \(SystemError.words(for: code))"
        }
    }

    private static func readError(of path: String) -> Int32? {
        guard unsafe access(path, R_OK) == 0 else { return errno }
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return errno }
        return status.st_mode & S_IFMT == S_IFDIR ? EISDIR : nil
    }

    /// Returns the connection to supervisord, for tools that can work without one.
    ///
    /// - Throws: `UsageError` when an address is invalid.
    func optionalClient() throws(UsageError) -> SupervisorClient? {
        let isKnown = arguments.has(.serverURL) || environment["SUPERVISOR_SERVER_URL"] != nil
        return isKnown ? try client() : nil
    }

    /// Returns the connection to supervisord.
    ///
    /// - Throws: `UsageError` when there is none.
    func client() throws(UsageError) -> SupervisorClient {
        try environment.client(url: arguments.value(.serverURL), authorities: authorities)
    }
}

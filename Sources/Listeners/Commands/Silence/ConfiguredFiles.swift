internal import Glibc
internal import SupervisorConfiguration
internal import System

/// The files that the listeners of a configuration use: those of their options, or of their
/// variables, which supervisord's configuration may set for all programs or for each listener.
struct ConfiguredFiles {
    /// A file that a listener uses.
    struct Use {
        let listener: ConfiguredProgram
        /// The file; nil for none.
        let path: String?
        /// A path that is relative to an unknown directory, in place of ``path``.
        let unlocated: String?
        /// Whether the listener is one of our tools; a wrapper script may be.
        let isTool: Bool
    }

    /// The programs of the configuration.
    let programs: [ConfiguredProgram]

    /// The configuration; nil if there is none.
    let configuration: SupervisorConfiguration?

    /// The running supervisord, asked for its processes; nil without a configuration.
    let access: SupervisordAccess?

    /// The timeout of a call to supervisord: shorter than that of a usual health check, which would
    /// otherwise end without a report.
    private static let deadline = Duration.seconds(4)

    /// Where supervisord searches for its configuration.
    static var searchPath: [String] {
        SupervisorConfiguration.searchPath(programIn: OwnEnvironment.variables["PATH"])
    }

    /// Reads a configuration, and asks the supervisord that runs with it.
    ///
    /// - Parameter path: The configuration; nil for supervisord's search path.
    init(configuration path: String?) {
        guard let path = path ?? SupervisorConfiguration.firstFile(of: Self.searchPath) else {
            (programs, configuration, access) = ([], nil, nil)
            return
        }
        var configuration = SupervisorConfiguration(
            path: path, environment: OwnEnvironment.variables)
        access = SupervisordAccess(askedWith: &configuration, within: Self.deadline)
        programs = configuration.programs()
        self.configuration = configuration
    }

    /// Uses a configuration that was read before.
    init(
        _ configuration: SupervisorConfiguration, _ programs: [ConfiguredProgram],
        _ access: SupervisordAccess
    ) {
        (self.configuration, self.programs, self.access) = (configuration, programs, access)
    }

    /// The first mistake in what determines the files and the connection to supervisord.
    var mistake: ConfigurationMistake? {
        let kinds = [
            "supervisord", "unix_http_server", "inet_http_server", "include", "eventlistener",
        ]
        return configuration?.mistakes.first { mistake in
            mistake.section.map { kinds.contains(String($0.prefix { $0 != ":" })) } ?? true
        }
    }

    /// A mistake with its section, and what to change.
    static func explanation(of mistake: ConfigurationMistake) -> String {
        guard let section = mistake.section else { return mistake.message }
        return "[\(section)]: \(mistake.message); run this command as root, or with the "
            + "environment of supervisord"
    }

    /// The file of each listener.
    ///
    /// - Parameters:
    ///   - key: The option that names it.
    ///   - variable: The variable that names it without the option.
    /// - Returns: The listeners, each with its file.
    func uses(_ key: OptionKey, _ variable: String) -> [Use] {
        programs.filter(\.isListener).map { listener in
            let command = ListenerExamination.command(of: listener)
            let option = command.flatMap { command in
                (try? command.tool.options.parse(command.words ?? []))?.value(key)?.text
            }
            let path = option ?? listener.environment[variable] ?? common(variable) ?? ""
            let located = path.isEmpty ? nil : absolute(path, listener)
            return Use(
                listener: listener, path: located,
                unlocated: located == nil && !path.isEmpty ? path : nil, isTool: command != nil)
        }
    }

    /// All files, each once: that of this process's variable, then those of the listeners.
    func all(_ key: OptionKey, _ variable: String) -> [String] {
        var paths: [String] = []
        let shared = common(variable).flatMap { $0.isEmpty ? nil : absolute($0, nil) }
        let found = [Self.own(variable), shared] + uses(key, variable).map(\.path)
        for path in found.compactMap({ $0 }) where !paths.contains(path) && !path.isEmpty {
            paths.append(path)
        }
        return paths
    }

    /// A variable that all listeners have, unless they set it themselves.
    private func common(_ variable: String) -> String? {
        configuration?.commonVariables[variable] ?? configuration?.environment[variable]
            ?? Self.own(variable)
    }

    private static func own(_ variable: String) -> String? {
        unsafe getenv(variable).map { unsafe String(cString: $0) }
    }

    /// A path as the listener resolves it; nil if its directory is unknown.
    private func absolute(_ path: String, _ listener: ConfiguredProgram?) -> String? {
        guard path.utf8.first != UInt8(ascii: "/") else { return path }
        guard let folder = listener?.settings["directory"] else {
            return access?.directory.map { "\($0)/\(path)" }
        }
        if folder.utf8.first == UInt8(ascii: "/") { return "\(folder)/\(path)" }
        return access?.directory.map { "\($0)/\(folder)/\(path)" }
    }
}

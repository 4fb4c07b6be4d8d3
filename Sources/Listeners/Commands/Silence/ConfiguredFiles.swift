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
        /// Whether the listener is one of our tools; a wrapper script may be.
        let isTool: Bool
    }

    /// The programs of the configuration.
    let programs: [ConfiguredProgram]

    /// The configuration; nil if there is none.
    let configuration: SupervisorConfiguration?

    /// Reads a configuration.
    ///
    /// - Parameter path: The configuration; nil for supervisord's search path.
    init(configuration path: String?) {
        let places = SupervisorConfiguration.searchPath(program: nil)
        guard let path = path ?? SupervisorConfiguration.firstFile(of: places) else {
            (programs, configuration) = ([], nil)
            return
        }
        var configuration = SupervisorConfiguration(
            path: path, environment: OwnEnvironment.variables)
        programs = configuration.programs()
        self.configuration = configuration
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
            let path = option ?? listener.environment[variable] ?? common(variable)
            return Use(
                listener: listener, path: path.flatMap { Self.absolute($0, listener) },
                isTool: command != nil)
        }
    }

    /// All files, each once: that of this process's variable, then those of the listeners.
    func all(_ key: OptionKey, _ variable: String) -> [String] {
        var paths: [String] = []
        let found = [Self.own(variable), common(variable)] + uses(key, variable).map(\.path)
        for path in found.compactMap({ $0 }) where !paths.contains(path) && !path.isEmpty {
            paths.append(path)
        }
        return paths
    }

    /// A variable that all listeners have, unless they set it themselves.
    private func common(_ variable: String) -> String? {
        configuration?.commonVariables[variable] ?? Self.own(variable)
    }

    private static func own(_ variable: String) -> String? {
        unsafe getenv(variable).map { unsafe String(cString: $0) }
    }

    /// A path as the listener resolves it, if its directory is known.
    private static func absolute(_ path: String, _ listener: ConfiguredProgram) -> String? {
        guard !path.isEmpty else { return nil }
        guard path.utf8.first != UInt8(ascii: "/"), let folder = listener.settings["directory"]
        else { return path }
        return "\(folder)/\(path)"
    }
}

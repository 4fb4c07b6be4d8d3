internal import Glibc
internal import SupervisorConfiguration

/// The variables that listeners get: those of this process, then those that supervisord's
/// configuration sets for all programs and for listeners.
struct ConfiguredVariables {
    private let variables: [String: String]

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
            (variables, programs, configuration) = ([:], [], nil)
            return
        }
        var configuration = SupervisorConfiguration(
            path: path, environment: Examination.environment)
        var variables = configuration.commonVariables
        programs = configuration.programs()
        for program in programs where program.isListener {
            variables.merge(program.environment) { $1 }
        }
        self.variables = variables
        self.configuration = configuration
    }

    subscript(name: String) -> String? {
        if let value = unsafe getenv(name), unsafe value.pointee != 0 {
            return unsafe String(cString: value)
        }
        return variables[name]
    }
}

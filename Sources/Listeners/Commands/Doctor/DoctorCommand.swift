internal import EventLoop
internal import Glibc
internal import SupervisorConfiguration
internal import System

/// `superlance doctor`: checks a configuration without changing anything.
enum DoctorCommand {
    /// The command line.
    static let table = OptionTable(
        programName: "superlance doctor",
        summary:
            "Checks supervisord's configuration, the listeners in it and what they depend on. It "
            + "changes nothing and, without --send, sends no alerts.",
        options: [
            OptionSpecification(
                .configuration, letter: "c", longName: "configuration", placeholder: "FILE",
                help: "supervisord's configuration file (default: supervisord's search path)."),
            OptionSpecification(
                .json, longName: "json", help: "Print an array of objects instead of a table."),
            OptionSpecification(
                .send, longName: "send",
                help: "Send a test alert through each channel of each listener."),
            OptionSpecification.help,
        ])

    /// Runs the command.
    ///
    /// - Parameter words: The words after the command's name.
    /// - Returns: The exit status.
    /// - Throws: `UsageError` for an option that does not exist.
    static func run(_ words: [String]) throws(UsageError) -> Int32 {
        let arguments = try table.parse(words)
        if arguments.has(.help) {
            Descriptor.standardOutput.writeAll(table.help.utf8)
            return EX_OK
        }
        if let word = arguments.operands.first {
            throw UsageError("unexpected argument '\(word)'; give the configuration with -c")
        }
        let findings = examine(arguments)
        let text = arguments.has(.json) ? findings.json : findings.table
        Descriptor.standardOutput.writeAll(text.utf8)
        return findings.status
    }

    private static func examine(_ arguments: ParsedArguments) -> [Finding] {
        guard let path = path(arguments) else {
            let places = ConfiguredFiles.searchPath.joined(separator: ", ")
            return [
                Finding(
                    section: "-", check: "file", result: .fault,
                    message: "no configuration in \(places): give it with -c FILE")
            ]
        }
        var examination = Examination(path: path, sends: arguments.has(.send))
        examination.run()
        return examination.findings
    }

    private static func path(_ arguments: ParsedArguments) -> String? {
        arguments.value(.configuration)?.text
            ?? SupervisorConfiguration.firstFile(of: ConfiguredFiles.searchPath)
    }
}

extension OptionKey {
    static let configuration: OptionKey = "configuration"
    static let json: OptionKey = "json"
    static let send: OptionKey = "send"
}

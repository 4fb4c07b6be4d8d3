internal import Glibc
internal import SupervisorConfiguration
internal import System

/// `superlance silence`: suspends alerts and restarts of programs for a while, with a line in the
/// silence file.
enum SilenceCommand {
    /// The command line.
    static let table = OptionTable(
        programName: "superlance silence", operands: "[PATTERN] [TIME]",
        summary:
            "Suspends alerts and restarts of the programs that match PATTERN for TIME, at most 24h, such "
            + "as: superlance silence 'web:*' 30m. With --end, ends the silence of PATTERN, or all silences.",
        options: [
            OptionSpecification(
                .end, longName: "end", help: "End the silence of PATTERN, or all silences."),
            OptionSpecification(
                .silence, longName: "silence", placeholder: "FILE",
                help:
                    "Silence file (default: SUPERLANCE_SILENCE, here or in supervisord's configuration)."
            ),
            OptionSpecification(
                .configuration, letter: "c", longName: "configuration", placeholder: "FILE",
                help: "supervisord's configuration file (default: supervisord's search path)."),
            OptionSpecification.help,
        ])

    /// The maximum duration of a silence, in seconds.
    private static let longest = 86_400

    /// Runs the command.
    ///
    /// - Parameter words: The words after the command's name.
    /// - Returns: The exit status.
    /// - Throws: `UsageError` for an invalid command line.
    static func run(_ words: [String]) throws(UsageError) -> Int32 {
        let arguments = try table.parse(words)
        if arguments.has(.help) {
            Descriptor.standardOutput.writeAll(table.help.utf8)
            return EX_OK
        }
        let settings = ConfiguredVariables(configuration: arguments.value(.configuration)?.text)
        let file = SilenceEditor(path: try path(arguments, settings))
        let operands = arguments.operands
        if arguments.has(.end) {
            guard operands.count <= 1 else { throw UsageError("--end accepts at most one PATTERN") }
            return end(operands.first, in: file)
        }
        guard operands.count == 2 else {
            throw UsageError("it requires PATTERN and TIME, such as 'web:*' 30m")
        }
        guard let first = operands[0].utf8.first, first != UInt8(ascii: "#"),
            !operands[0].unicodeScalars.contains(where: \.properties.isWhitespace)
        else { throw UsageError("PATTERN must not be empty or contain a space") }
        let time = OptionValue(name: "TIME", text: operands[1])
        let seconds = try time.seconds()
        guard (1...longest).contains(seconds) else {
            throw .invalidValue("TIME", expected: "a time up to 24h", got: operands[1])
        }
        warn(about: operands[0], settings)
        return begin(operands[0], seconds, in: file)
    }

    /// Warns of a pattern that matches no process, such as the name of a program with `numprocs`.
    private static func warn(about text: String, _ settings: ConfiguredVariables) {
        guard var configuration = settings.configuration else { return }
        let pattern = ProcessPattern(text)
        var known = KnownProcesses(settings.programs, nil)
        guard !known.names.isEmpty, !known.names.contains(where: { pattern.matches($0) }) else {
            return
        }
        // supervisord may run with an earlier configuration.
        var access = SupervisordAccess(&configuration)
        _ = access.ask()
        known = KnownProcesses(settings.programs, access)
        guard !known.names.contains(where: { pattern.matches($0) }) else { return }
        let line = "\(text) matches no process: \(known.suggestion(for: text))"
        Descriptor.standardError.writeAll("superlance silence: \(line)\n".utf8)
    }

    private static func path(
        _ arguments: ParsedArguments, _ settings: ConfiguredVariables
    ) throws(UsageError) -> String {
        if let value = arguments.value(.silence) { return try value.text(requiring: "a file") }
        guard let path = settings["SUPERLANCE_SILENCE"] else {
            throw UsageError(
                "no silence file is set: set SUPERLANCE_SILENCE, in environment= of "
                    + "[supervisord] too, or give --silence FILE")
        }
        return path
    }

    private static func begin(_ pattern: String, _ seconds: Int, in file: SilenceEditor) -> Int32 {
        let end = Timestamp(seconds: Timestamp.now.seconds + seconds)
        return perform { () throws(SystemError) in
            try file.begin(pattern, until: end)
            Descriptor.standardOutput.writeAll(
                "\(pattern) is silenced until \(end.formatted("%Y-%m-%d %H:%M:%S"))\n".utf8)
            return EX_OK
        }
    }

    private static func end(_ pattern: String?, in file: SilenceEditor) -> Int32 {
        perform { () throws(SystemError) in
            let count = try file.end(pattern)
            let text =
                count == 0
                ? "nothing was silenced" : "\(pattern ?? "everything") is no longer silenced"
            Descriptor.standardOutput.writeAll("\(text)\n".utf8)
            return count == 0 ? 1 : EX_OK
        }
    }

    private static func perform(_ work: () throws(SystemError) -> Int32) -> Int32 {
        do throws(SystemError) {
            return try work()
        } catch {
            Descriptor.standardError.writeAll("superlance silence: \(error)\n".utf8)
            return EX_CANTCREAT
        }
    }
}

extension OptionKey {
    static let end: OptionKey = "end"
}

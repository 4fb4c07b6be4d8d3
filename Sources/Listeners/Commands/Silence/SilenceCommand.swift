internal import Glibc
internal import SupervisorConfiguration
internal import System

/// `superlance silence`: suspends alerts and restarts for programs for a while, with a line in the
/// silence file.
enum SilenceCommand {
    /// The command line.
    static let table = OptionTable(
        programName: "superlance silence", operands: "[PATTERN] [TIME]",
        summary:
            "Suspends alerts and restarts for the programs that match PATTERN, for TIME, at most 24h. Example: "
            + "superlance silence 'web:*' 30m. With --end, ends the silence of PATTERN, or all silences.",
        options: [
            OptionSpecification(
                .end, longName: "end", help: "End the silence of PATTERN, or all silences."),
            OptionSpecification(
                .silence, longName: "silence", placeholder: "FILE",
                help:
                    "Silence file (default: SUPERLANCE_SILENCE, from the environment or supervisord's configuration)."
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
        let settings = ConfiguredFiles(configuration: arguments.value(.configuration)?.text)
        let files = try paths(arguments, settings).map { SilenceEditor(path: $0) }
        let operands = arguments.operands
        if arguments.has(.end) {
            guard operands.count <= 1 else { throw UsageError("--end accepts at most one PATTERN") }
            return end(operands.first, in: files)
        }
        guard operands.count == 2 else {
            throw UsageError("PATTERN and TIME are missing: add both, such as 'web:*' 30m")
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
        if !arguments.has(.silence) { warnOfMissingFiles(settings) }
        return begin(operands[0], seconds, in: files)
    }

    /// Warns of a pattern that matches no process, such as the name of a program with `numprocs`.
    private static func warn(about text: String, _ settings: ConfiguredFiles) {
        let pattern = ProcessPattern(text)
        // supervisord may run with an earlier configuration.
        let known = KnownProcesses(settings.programs, settings.access)
        guard !known.names.isEmpty, !known.names.contains(where: { pattern.matches($0) }) else {
            return
        }
        warn("\(text) matches no process: \(known.suggestion(for: text))")
    }

    /// Warns of listeners that read no silence file, and so go on alerting and restarting.
    private static func warnOfMissingFiles(_ settings: ConfiguredFiles) {
        if let mistake = settings.mistake { return warn(unknown(mistake)) }
        for use in settings.uses(.silence, variable) where use.isTool && use.path == nil {
            let name = use.listener.section.name
            if let path = use.unlocated {
                warn("[\(name)] does not read it: \(unlocated(path))")
            } else {
                warn("[\(name)] reads no silence file: set SUPERLANCE_SILENCE for it")
            }
        }
    }

    private static func warn(_ line: String) { print("warning", line) }

    private static func print(_ level: String, _ line: String) {
        Descriptor.standardError.writeAll("superlance silence: \(level): \(line)\n".utf8)
    }

    private static let variable = "SUPERLANCE_SILENCE"

    /// The files to write: listeners may read different ones.
    private static func paths(
        _ arguments: ParsedArguments, _ settings: ConfiguredFiles
    ) throws(UsageError) -> [String] {
        if let value = arguments.value(.silence) { return [try value.text(requiring: "a file")] }
        let paths = settings.all(.silence, variable)
        guard !paths.isEmpty else {
            if let path = settings.uses(.silence, variable).compactMap(\.unlocated).first {
                throw UsageError(unlocated(path))
            }
            if let mistake = settings.mistake {
                guard settings.configuration?.isRead == true else {
                    throw UsageError(mistake.message)
                }
                throw UsageError(unknown(mistake))
            }
            guard settings.configuration != nil else {
                throw UsageError(
                    "no configuration found: give it with -c FILE, or the silence file with "
                        + "--silence FILE")
            }
            throw UsageError(
                "no silence file is set: set SUPERLANCE_SILENCE, in environment= of "
                    + "[supervisord] too, or give --silence FILE")
        }
        return paths
    }

    private static func unknown(_ mistake: ConfigurationMistake) -> String {
        "the silence file of some listeners is unknown: "
            + ConfiguredFiles.explanation(of: mistake)
    }

    private static func unlocated(_ path: String) -> String {
        "the silence file \(path) is relative to the directory where supervisord was started: write "
            + "its full path"
    }

    private static func begin(_ pattern: String, _ seconds: Int, in files: [SilenceEditor]) -> Int32
    {
        let end = Timestamp(seconds: Timestamp.now.seconds + seconds)
        let changed = change(files) { file throws(SystemError) in
            try file.begin(pattern, until: end)
            return 1
        }
        if changed.count > 0 {
            let place = changed.failed ? " for a part of the listeners" : ""
            let time = end.formatted("%Y-%m-%d %H:%M:%S")
            Descriptor.standardOutput.writeAll(
                "\(pattern) is silenced until \(time)\(place)\n".utf8)
        }
        return changed.failed ? EX_CANTCREAT : EX_OK
    }

    private static func end(_ pattern: String?, in files: [SilenceEditor]) -> Int32 {
        let changed = change(files) { file throws(SystemError) in try file.end(pattern) }
        guard !changed.failed else { return EX_CANTCREAT }
        let text =
            changed.count == 0
            ? "nothing was silenced" : "\(pattern ?? "everything") is no longer silenced"
        Descriptor.standardOutput.writeAll("\(text)\n".utf8)
        return changed.count == 0 ? 1 : EX_OK
    }

    /// Changes each file, and prints the errors.
    ///
    /// - Returns: The number of changes, and whether one has failed.
    private static func change(
        _ files: [SilenceEditor], _ work: (SilenceEditor) throws(SystemError) -> Int
    ) -> (count: Int, failed: Bool) {
        var result = (count: 0, failed: false)
        for file in files {
            do throws(SystemError) {
                result.count += try work(file)
            } catch {
                print("error", "\(error)")
                result.failed = true
            }
        }
        return result
    }
}

extension OptionKey {
    static let end: OptionKey = "end"
}

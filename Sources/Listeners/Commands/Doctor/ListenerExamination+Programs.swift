// Checks the programs that a section runs, and the paths in its options.

internal import Glibc
internal import SupervisorConfiguration
internal import System

extension ListenerExamination {
    /// Checks the program of `command=` and, in a shell's script, the tool.
    mutating func examineProgram(_ command: ListenerCommand) {
        guard let program = listener.command?.first else { return }
        if command.isSubcommand {
            add(
                "command", .fault,
                "\(command.tool.name) is a program of its own: write command=\(command.tool.name)")
        }
        examineProgram(program, "command=")
        if command.program == nil {
            add("program", .note, "the shell determines the path of \(command.tool.name)")
        } else if let inner = command.program, inner != program, command.isInScript {
            examineProgram(inner, "the script")
        }
        if command.isRedirected {
            add(
                "command", .fault,
                "remove | and & and the redirections of standard input and output from the script: "
                    + "supervisord cannot call \(command.tool.name)")
        }
    }

    private mutating func examineProgram(_ program: String, _ place: String) {
        guard !program.hasPrefix("~") else {
            return add(
                "program", .fault,
                "supervisord does not expand ~: write the full path of \(program) in \(place)")
        }
        guard let paths = places(of: program) else {
            return add(
                "program", .warning,
                "\(program) is relative to the directory where supervisord was started: "
                    + "write its full path in \(place)")
        }
        guard let found = paths.first(where: { unsafe Glibc.access($0, F_OK) == 0 }) else {
            let isPath = program.utf8.contains(UInt8(ascii: "/"))
            return add(
                "program", .fault,
                isPath
                    ? "cannot find \(program): correct the path in \(place)"
                    : "cannot find \(program) in \(path): write its full path in \(place)")
        }
        let code = UserIdentity.access(found, X_OK, as: identity)
        guard code == 0 else {
            return add(
                "program", .fault, "\(found) cannot be run: \(SystemError.words(for: code))")
        }
        add("program", .ok, found)
    }

    /// Where supervisord searches for a program; nil if that depends on an unknown directory.
    func places(of program: String) -> [String]? {
        guard !program.utf8.contains(UInt8(ascii: "/")) else {
            return absolute(program, in: directory).map { [$0] }
        }
        return path.split(separator: ":").map { "\($0)/\(program)" }
    }

    /// supervisord's search path for the programs of the section.
    var path: String { sectionEnvironment["PATH"] ?? "/bin:/usr/bin:/usr/local/bin" }

    /// The directory that the listener is started in; nil if it is unknown.
    private var directory: String? {
        guard let own = listener.settings["directory"] else { return access.directory }
        return absolute(own, in: access.directory)
    }

    private func absolute(_ path: String, in directory: String?) -> String? {
        path.hasPrefix("/") ? path : directory.map { "\($0)/\(path)" }
    }

    // MARK: Options

    /// Reports values that begin with `~`, which only a shell expands.
    ///
    /// - Parameters:
    ///   - occurrences: The options, or the variables in their place.
    ///   - tool: The tool.
    mutating func examineTildes(_ occurrences: [OptionOccurrence], of tool: Tool) {
        for occurrence in occurrences where occurrence.text?.hasPrefix("~") == true {
            let option = tool.options.options.first { $0.key == occurrence.key }
            // A shell runs the sendmail command.
            guard let placeholder = option?.placeholder, occurrence.key != .sendmail,
                ["FILE", "DIRECTORY", "PATH", "COMMAND"].contains(placeholder)
            else { continue }
            add(
                "command", .fault,
                "\(occurrence.name): ~ is not expanded: write the full path of "
                    + "\(occurrence.text ?? "")")
        }
    }

    /// The absolute path of a file that an option names; nil if it is unknown, which is reported.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - check: The check that requires it.
    /// - Returns: The absolute path.
    mutating func located(_ path: String, for check: String) -> String? {
        guard !path.hasPrefix("~") else { return nil }
        if let path = absolute(path, in: directory) { return path }
        add(
            check, .warning,
            "\(path) is relative to the directory where supervisord was started: write its full path"
        )
        return nil
    }

    /// Checks the commands of `-g`, `--before` and `--after`.
    mutating func examineHooks(_ arguments: ParsedArguments) {
        for value in [OptionKey.gcore, .before, .after].compactMap({ arguments.value($0) }) {
            let words = (try? CommandWords.split(value)) ?? []
            if let word = words.first(where: Self.isOperator) {
                add(
                    "command", .warning,
                    "\(value.name): no shell runs it, so \(word) is an argument: write sh -c \"...\""
                )
            }
            guard let program = words.first, !program.hasPrefix("~") else { continue }
            guard let paths = places(of: program) else {
                _ = located(program, for: "command")
                continue
            }
            let found = paths.first { unsafe Glibc.access($0, F_OK) == 0 }
            let code = found.map { UserIdentity.access($0, X_OK, as: identity) } ?? ENOENT
            guard code != 0 else { continue }
            add(
                "command", .fault,
                "\(value.name): cannot run \(program): \(SystemError.words(for: code))")
        }
    }
}

// Checks the words of a command line for what only a shell would understand.

internal import Text

extension ListenerExamination {
    // MARK: Unexpected arguments

    /// Reports arguments that belong to no option, with what to write instead.
    ///
    /// - Parameters:
    ///   - arguments: The command line.
    ///   - tool: The tool.
    mutating func examineStrays(_ arguments: ParsedArguments, of tool: Tool) {
        let words = arguments.operands + arguments.occurrences.compactMap(\.text)
        if words.contains(where: { $0.utf8.contains(UInt8(ascii: "\n")) }) {
            return add(
                "command", .warning,
                "remove the \\ at the end of the line: the lines of a value need none")
        }
        if let word = arguments.operands.first(where: Self.isOperator) {
            return add(
                "command", .warning,
                "supervisord runs no shell, so \(word) is an argument: remove it, and set "
                    + "stderr_logfile= for the log, or write command=sh -c \"exec ...\"")
        }
        guard tool.options.operands.isEmpty else { return }
        for (word, index) in zip(arguments.operands, arguments.operandWords) {
            add(
                "command", .warning,
                "ignoring unexpected argument '\(UsageError.withoutLogin(word))': "
                    + Self.remedy(for: word, at: index, arguments, tool))
        }
    }

    /// Whether a word is one of a shell's operators: `>`, `2>&1`, `|` or `&`.
    static func isOperator(_ word: String) -> Bool {
        if ["|", "||", "|&", "&", "&&", ";"].contains(word) { return true }
        let rest = word.utf8.drop { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return rest.first == UInt8(ascii: "<") || rest.first == UInt8(ascii: ">")
            || word.hasPrefix("&>")
    }

    /// What to write instead of a word after the value of an option.
    private static func remedy(
        for word: String, at index: Int, _ arguments: ParsedArguments, _ tool: Tool
    ) -> String {
        let before = arguments.occurrences.filter { ($0.location?.word ?? index) < index }
        guard let last = before.last, let value = last.text,
            let option = tool.options.options.first(where: { $0.key == last.key })
        else { return "remove it" }
        if option.placeholder == "ADDRESS" {
            return "separate addresses by commas: \(last.name) \(value),\(word)"
        }
        if option.occurrence == .repeatable {
            return "repeat \(last.name) before it"
        }
        return "quote a value that contains spaces, or remove it"
    }

    // MARK: Variables

    /// Reports values with `$NAME`, which only a shell expands.
    ///
    /// - Parameters:
    ///   - occurrences: The options, or the variables in their place.
    ///   - operands: The other arguments.
    ///   - tool: The tool.
    mutating func examineVariables(
        _ occurrences: [OptionOccurrence], operands: [String] = [], of tool: Tool
    ) {
        for occurrence in occurrences {
            let option = tool.options.options.first { $0.key == occurrence.key }
            // A shell runs the sendmail command.
            guard let placeholder = option?.placeholder, occurrence.key != .sendmail,
                !["REGEX", "CONDITION", "TEXT", "FORMAT"].contains(placeholder),
                let value = occurrence.text, let variable = Self.variable(in: value)
            else { continue }
            // A password may contain anything.
            let isSecret = ["PASSWORD", "KEY"].contains(placeholder)
            guard !isSecret || value == "$\(variable)" || value == "${\(variable)}" else {
                continue
            }
            addVariable(variable, occurrence.name)
        }
        for variable in operands.compactMap(Self.variable) {
            addVariable(variable, tool.options.operands)
        }
    }

    private mutating func addVariable(_ variable: String, _ place: String) {
        add(
            "command", .warning,
            "\(place): $\(variable) is not expanded, since supervisord runs no shell: "
                + "write %(ENV_\(variable))s")
    }

    /// The first `NAME` in capital letters in `$NAME` or `${NAME}`.
    private static func variable(in text: String) -> String? {
        var rest = text.utf8[...]
        while let dollar = rest.firstIndex(of: UInt8(ascii: "$")) {
            rest = rest[dollar...].dropFirst()
            let isBraced = rest.first == UInt8(ascii: "{")
            if isBraced { rest = rest.dropFirst() }
            let name = rest.prefix {
                (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || $0 == UInt8(ascii: "_")
            }
            rest = rest.dropFirst(name.count)
            guard let first = name.first, first > UInt8(ascii: "9"), name.count > 1,
                !isBraced || rest.first == UInt8(ascii: "}")
            else { continue }
            return String(Substring(name))
        }
        return nil
    }
}

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
        let rest = word.utf8.drop(while: \.isASCIIDigit)
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
            let comma = value.endsExactly(with: ",") ? "" : ","
            return "separate addresses by commas, without spaces: "
                + "\(last.name) \(value)\(comma)\(word)"
        }
        if option.occurrence.isRepeatable {
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
        for warning in tool.options.unexpanded(in: occurrences, operands: operands) {
            add("command", .warning, warning)
        }
    }
}

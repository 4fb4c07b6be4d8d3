/// The command line of a tool as pure data.
///
/// Usage, help, parsing, manual page and completions are derived from it.
public struct OptionTable: Sendable, Hashable {
    /// The name of the tool.
    public let programName: String

    /// The operands in the usage line, such as `URL`; empty for none.
    public let operands: String

    /// What the tool does, as one sentence.
    public let summary: String

    /// The options, in the order of the help.
    public let options: [OptionSpecification]

    /// Creates a table.
    ///
    /// - Parameters:
    ///   - programName: The name of the tool.
    ///   - operands: The operands in the usage line; empty for none.
    ///   - summary: What the tool does, as one sentence.
    ///   - options: The options, in the order of the help.
    public init(
        programName: String, operands: String = "", summary: String,
        options: [OptionSpecification]
    ) {
        self.programName = programName
        self.operands = operands
        self.summary = summary
        self.options = options
    }
}

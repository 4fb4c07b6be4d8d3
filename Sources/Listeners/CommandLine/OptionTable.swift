// What a tool takes on its command line, as pure data.

/// What a tool takes on its command line, as pure data.
///
/// Usage, help, parsing, the manual page and completions are made of it.
public struct OptionTable: Sendable, Hashable {
    /// The name of the tool.
    public let programName: String

    /// The operands as the usage line shows them, such as `URL`; empty without any.
    public let operands: String

    /// What the tool does, as one sentence.
    public let summary: String

    /// The options, in the order help shows them.
    public let options: [OptionSpecification]

    /// A table.
    ///
    /// - Parameters:
    ///   - programName: The name of the tool.
    ///   - operands: The operands as the usage line shows them; empty without any.
    ///   - summary: What the tool does, as one sentence.
    ///   - options: The options, in the order help shows them.
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

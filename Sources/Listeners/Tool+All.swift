// The list of all tools.

extension Tool {
    /// All tools, in the order in which the documentation lists them.
    ///
    /// Installation, manual pages, completions, tests and the demonstration take their lists from
    /// here.
    static let all: [Tool] = [
        .httpok, .memmon, .crashmail, .crashmailbatch, .fatalmailbatch, .crashsms,
        .fatalexit, .fatalretry,
    ]

    /// The names of all tools.
    static var names: [String] { all.map(\.name) }

    /// The name by which the tool is called.
    var name: String { options.programName }
}

extension OptionTable {
    /// The tables of all tools.
    package static var ofAllTools: [OptionTable] { Tool.all.map(\.options) }

    /// The version of all tools.
    package static var version: String { Tool.version }

    /// The options that may come from the environment, each with the names of its variables.
    package var variables: [(names: [String], option: OptionSpecification)] {
        DeliveryOptions.variable(of: self).map { (ParsedArguments.variables(of: $0), $0) }
    }
}

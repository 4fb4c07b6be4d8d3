// The list of all tools.

extension Tool {
    /// All tools, in the order of the documentation.
    ///
    /// Installation, manual pages, completions and tests derive their lists from it.
    static let all: [Tool] = [
        .httpok, .memmon, .crashmail, .crashmailbatch, .fatalmailbatch, .crashsms,
        .fatalexit, .fatalretry,
    ]

    /// The names of all tools.
    static var names: [String] { all.map(\.name) }

    /// The tool's name.
    var name: String { options.programName }
}

extension OptionTable {
    /// The tables of all tools.
    package static var ofAllTools: [OptionTable] { Tool.all.map(\.options) }

    /// The tables of the commands of `superlance` that have options.
    package static var ofCommands: [OptionTable] {
        [DoctorCommand.table, StatusCommand.table, SilenceCommand.table]
    }

    /// The version of all tools.
    package static var version: String { Tool.version }

    /// The options that environment variables can set, each with the names of its variables.
    package var variables: [(names: [String], option: OptionSpecification)] {
        DeliveryOptions.variable(of: self).map { (ParsedArguments.variables(of: $0), $0) }
    }
}

// The options by which listeners are told how much to explain.

/// The options by which listeners are told how much to explain.
enum DiagnosticsOptions {
    static let logTail = OptionSpecification(
        .logTail, longName: "log-tail", placeholder: "LINES",
        help: "How many lines of a process's log are told, 0 for none; 20 by default.")

    static let recovered = OptionSpecification(
        .recovered, longName: "recovered",
        help: "Tell, too, when what was told of is well again.")

    /// Reads the number of lines.
    static func logLines(_ arguments: ParsedArguments) throws(UsageError) -> Int {
        try arguments.value(.logTail)?.integer(in: 0...1_000) ?? 20
    }
}

extension OptionKey {
    static let logTail: OptionKey = "log-tail"
    static let recovered: OptionKey = "recovered"
}

/// The options for diagnostics, which most tools share.
enum DiagnosticsOptions {
    static let logTail = OptionSpecification(
        .logTail, longName: "log-tail", placeholder: "LINES",
        help: "Lines from the end of each log to include in alerts, 0 for none (default: 20).",
        standard: "20")

    static let recovered = OptionSpecification(
        .recovered, longName: "recovered",
        help: "Also alert on recovery.")

    /// Parses the number of lines.
    static func logLines(_ arguments: ParsedArguments) throws(UsageError) -> Int {
        try arguments.last(.logTail) { value throws(UsageError) in
            try value.integer(in: 0...1_000)
        } ?? 20
    }
}

extension OptionKey {
    static let logTail: OptionKey = "log-tail"
    static let recovered: OptionKey = "recovered"
}

internal import Alerting

/// The options that limit the number of alerts, which all tools share.
enum FloodOptions {
    /// The options, for tools that send mail.
    static let all = options(standard: "5/10m")

    /// The options, for a tool that sends text messages, which cost money.
    static let ofTextMessages = options(standard: "5/1h")

    private static func options(standard: String) -> [OptionSpecification] {
        [
            OptionSpecification(
                .floodLimit, longName: "flood-limit", placeholder: "N/TIME",
                help:
                    "Send at most N alerts per TIME about each process or URL, ten times as many in total, and one summary of the rest; 0 for no limit (default: \(standard)).",
                standard: standard),
            OptionSpecification(
                .cooldown, longName: "cooldown", placeholder: "TIME",
                help:
                    "After an alert, suppress repeats for TIME, such as 30m, then send one summary."
            ),
        ]
    }

    /// Reads the options.
    ///
    /// - Parameters:
    ///   - arguments: The command line.
    ///   - table: The tool's options, which have its default.
    /// - Returns: The limit.
    /// - Throws: `UsageError` that names the option and the invalid part.
    static func limit(
        _ arguments: ParsedArguments, of table: OptionTable
    ) throws(UsageError) -> FloodLimit {
        let standard = table.options.first { $0.key == .floodLimit }.flatMap { option in
            option.standard.map { OptionValue(name: "--flood-limit", text: $0) }
        }
        let cooldown = try arguments.last(.cooldown) { value throws(UsageError) in
            Duration.seconds(try value.seconds())
        }
        var rate: AlertRate?
        if let standard { rate = try AlertRate.parse(standard) }
        for value in arguments.values(.floodLimit) { rate = try AlertRate.parse(value) }
        return FloodLimit(rate, cooldown: cooldown)
    }
}

extension OptionKey {
    static let floodLimit: OptionKey = "flood-limit"
    static let cooldown: OptionKey = "cooldown"
}

internal import ListenerProtocol

/// The options of fatalretry.
struct FatalRetryOptions {
    /// The programs to restart.
    let patterns: [ProcessPattern]
    /// The pause before an attempt.
    let pause: RetryPause
    /// The command to run before an attempt; nil for none.
    let before: [String]?
    /// The number of log lines in each alert.
    let logLines: Int

    init(_ settings: Settings) throws(UsageError) {
        let arguments = settings.arguments
        patterns = try arguments.values(.program).map { value throws(UsageError) in
            ProcessPattern(try value.text(requiring: "the name of a process"))
        }
        guard !patterns.isEmpty else {
            throw UsageError(
                "-p is missing: name the programs to restart, such as -p 'web*'")
        }
        pause =
            try arguments.value(.backoff).map { value throws(UsageError) in
                try RetryPause(value)
            } ?? RetryPause()
        before = try arguments.value(.retryBefore).map { value throws(UsageError) in
            try CommandWords.split(value)
        }
        logLines = try DiagnosticsOptions.logLines(arguments)
    }

    /// Whether a process is restarted.
    func selects(_ process: ProcessName) -> Bool {
        patterns.contains { $0.matches(process) }
    }

    static let table = OptionTable(
        programName: "fatalretry",
        summary: "Restarts FATAL programs, with increasing delays.",
        options: [
            OptionSpecification(
                .program, letter: "p", longName: "program",
                placeholder: "PATTERN", occurrence: .requiredRepeatable,
                help: "Restart these programs: name or group:name; wildcards: *, ? and [...]."),
            OptionSpecification(
                .backoff, longName: "backoff", placeholder: "MIN..MAX",
                help: "Minimum and maximum delay before an attempt (default: 1m..1h).",
                standard: "1m..1h"),
            OptionSpecification(
                .retryBefore, longName: "before", placeholder: "COMMAND",
                help: "Run this command before each attempt; exit status 75 postpones it."),
            DiagnosticsOptions.logTail,
        ] + DeliveryOptions.ofSendmailTools)
}

extension OptionKey {
    static let backoff: OptionKey = "backoff"
    static let retryBefore: OptionKey = "before"
}

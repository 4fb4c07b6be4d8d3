internal import ListenerProtocol

/// The options of the restart policy, for httpok and memmon.
enum RestartOptions {
    static let all = [
        OptionSpecification(
            .failureThreshold, longName: "failure-threshold", placeholder: "N[/M]",
            help: "Act after N failed checks in a row, or N among the last M; 1 by default."),
        OptionSpecification(
            .startPeriod, longName: "start-period", placeholder: "TIME",
            help: "Ignore failures of a process for this long after its start."),
        OptionSpecification(
            .maxRestarts, longName: "max-restarts", placeholder: "N[/TIME]",
            help: "Restart a process at most N times in any TIME (1h by default), then alert."),
        OptionSpecification(
            .action, longName: "action", placeholder: "ACTION",
            help: "What to do: restart (default), stop, or only send an alert."),
        OptionSpecification(
            .maxUnavailable, longName: "max-unavailable", placeholder: "N",
            help: "How many processes of a group may be down at once; 1 by default."),
        OptionSpecification(
            .presignal, longName: "presignal", placeholder: "SIG[:TIME]",
            help: "Send this signal, wait, and check again before the stop."),
        OptionSpecification(
            .before, longName: "before", placeholder: "COMMAND",
            help: "Run this before the stop; status 75 postpones the restart."),
        OptionSpecification(
            .after, longName: "after", placeholder: "COMMAND",
            help: "Run this after the restart."),
        OptionSpecification(
            .restartWindow, longName: "restart-window", placeholder: "SPEC",
            help: "Restart only at these times, such as 'mon-fri 02:00-05:00'."),
        OptionSpecification(
            .silence, longName: "silence", placeholder: "FILE",
            help:
                "While this file exists, check, but do not act or alert; SUPERLANCE_SILENCE by default."
        ),
        OptionSpecification(
            .reminder, longName: "reminder", placeholder: "TIME",
            help: "How often to repeat an alert about a process given up on; 1h by default."),
        OptionSpecification(
            .dryRun, longName: "dry-run",
            help: "Decide and report, but send no signal, run no command, stop and start nothing."),
    ]

    /// The environment variable for the silence file.
    static let silenceVariable = "SUPERLANCE_SILENCE"
}

extension RestartPolicy {
    /// Reads the options.
    ///
    /// - Parameters:
    ///   - arguments: The command line.
    ///   - host: The environment.
    /// - Throws: `UsageError` that names the option and the invalid part.
    init(_ arguments: ParsedArguments, host: SupervisorEnvironment) throws(UsageError) {
        if let value = arguments.value(.failureThreshold) {
            threshold = try FailureThreshold(value)
        }
        startPeriod = try Self.seconds(arguments.value(.startPeriod)) ?? 0
        if let value = arguments.value(.maxRestarts) { limit = try RestartLimit(value) }
        if let value = arguments.value(.action) { action = try RestartAction(value) }
        if let value = arguments.value(.maxUnavailable) {
            var reader = SpecificationReader(value)
            let wanted = "a number of processes from 1 to 1000"
            maxUnavailable = try reader.number(in: 1...1_000, wanting: wanted)
            try reader.end(wanting: wanted)
        }
        if let value = arguments.value(.presignal) { presignal = try Presignal(value) }
        if let value = arguments.value(.before) { before = try CommandWords.split(value) }
        if let value = arguments.value(.after) { after = try CommandWords.split(value) }
        if let value = arguments.value(.restartWindow) { window = try RestartWindow(value) }
        silenceFile =
            try arguments.value(.silence)?.text(wanting: "a file")
            ?? host[RestartOptions.silenceVariable]
        reminder = try Self.seconds(arguments.value(.reminder), atLeast: 1) ?? 3_600
        isDryRun = arguments.has(.dryRun)
    }

    private static func seconds(
        _ value: OptionValue?, atLeast least: Int = 0
    ) throws(UsageError) -> Int? {
        guard let value else { return nil }
        var reader = SpecificationReader(value)
        let seconds = try reader.seconds(atLeast: least)
        try reader.end(wanting: "a time such as 90, 30m or 1h")
        return seconds
    }
}

extension OptionKey {
    static let failureThreshold: OptionKey = "failure-threshold"
    static let startPeriod: OptionKey = "start-period"
    static let maxRestarts: OptionKey = "max-restarts"
    static let action: OptionKey = "action"
    static let maxUnavailable: OptionKey = "max-unavailable"
    static let presignal: OptionKey = "presignal"
    static let before: OptionKey = "before"
    static let after: OptionKey = "after"
    static let restartWindow: OptionKey = "restart-window"
    static let silence: OptionKey = "silence"
    static let reminder: OptionKey = "reminder"
    static let dryRun: OptionKey = "dry-run"
}

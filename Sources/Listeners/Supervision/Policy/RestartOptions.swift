internal import ListenerProtocol

/// The options of the restart policy, for httpok and memmon.
enum RestartOptions {
    static let all = [
        OptionSpecification(
            .failureThreshold, longName: "failure-threshold", placeholder: "N[/M]",
            help: "Act after N failed checks in a row, or N of the last M (default: 1).",
            standard: "1"),
        OptionSpecification(
            .startPeriod, longName: "start-period", placeholder: "TIME",
            help: "Ignore failures of a process for this long after it starts."),
        OptionSpecification(
            .maxRestarts, longName: "max-restarts", placeholder: "N[/TIME]",
            help: "Restart a process at most N times within TIME (default: 1h), then alert."),
        OptionSpecification(
            .action, longName: "action", placeholder: "ACTION",
            help: "Action after failures: restart (default), stop or alert.",
            standard: "restart"),
        OptionSpecification(
            .maxUnavailable, longName: "max-unavailable", placeholder: "N",
            help: "How many processes of a group may be down at once (default: 1).",
            standard: "1"),
        OptionSpecification(
            .presignal, longName: "presignal", placeholder: "SIG[:TIME]",
            help: "Send this signal, wait, and check again before stopping the process."),
        OptionSpecification(
            .before, longName: "before", placeholder: "COMMAND",
            help:
                "Run this command before stopping the process; exit status 75 postpones the restart."
        ),
        OptionSpecification(
            .after, longName: "after", placeholder: "COMMAND",
            help: "Run this command after the restart."),
        OptionSpecification(
            .restartWindow, longName: "restart-window", placeholder: "SPEC",
            help: "Restart only at these times, such as 'mon-fri 02:00-05:00'."),
        OptionSpecification(
            .reminder, longName: "reminder", placeholder: "TIME",
            help:
                "Interval between alerts about a process that is no longer restarted (default: 1h).",
            standard: "1h"),
        OptionSpecification(
            .dryRun, longName: "dry-run",
            help:
                "Log and alert only: send no signals, run no commands, stop and start no processes."
        ),
    ]
}

extension RestartPolicy {
    /// Reads the options.
    ///
    /// - Parameter arguments: The command line.
    /// - Throws: `UsageError` that names the option and the invalid part.
    init(_ arguments: ParsedArguments) throws(UsageError) {
        threshold =
            try arguments.last(.failureThreshold) { value throws(UsageError) in
                try FailureThreshold(value)
            } ?? threshold
        startPeriod = try arguments.last(.startPeriod, Self.seconds) ?? 0
        limit = try arguments.last(.maxRestarts) { value throws(UsageError) in
            try RestartLimit(value)
        }
        action =
            try arguments.last(.action) { value throws(UsageError) in try RestartAction(value) }
            ?? action
        maxUnavailable = try arguments.last(.maxUnavailable, Self.count) ?? maxUnavailable
        presignal = try arguments.last(.presignal) { value throws(UsageError) in
            try Presignal(value)
        }
        before = try arguments.last(.before, CommandWords.split) ?? []
        after = try arguments.last(.after, CommandWords.split) ?? []
        window = try arguments.last(.restartWindow) { value throws(UsageError) in
            try RestartWindow(value)
        }
        silenceFile = try arguments.last(.silence) { value throws(UsageError) in
            try value.text(requiring: "a file")
        }
        reminder =
            try arguments.last(.reminder) { value throws(UsageError) in
                try Self.seconds(value, atLeast: 1)
            } ?? 3_600
        isDryRun = arguments.has(.dryRun)
    }

    private static func count(_ value: OptionValue) throws(UsageError) -> Int {
        var reader = SpecificationReader(value)
        let expected = "a number of processes from 1 to 1000"
        let count = try reader.number(in: 1...1_000, requiring: expected)
        try reader.end(requiring: expected)
        return count
    }

    private static func seconds(_ value: OptionValue) throws(UsageError) -> Int {
        try seconds(value, atLeast: 0)
    }

    private static func seconds(
        _ value: OptionValue, atLeast least: Int
    ) throws(UsageError) -> Int {
        var reader = SpecificationReader(value)
        let seconds = try reader.seconds(atLeast: least)
        try reader.end(requiring: "a time such as 90, 30m or 1h")
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
    static let reminder: OptionKey = "reminder"
    static let dryRun: OptionKey = "dry-run"
}

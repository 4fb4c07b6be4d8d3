internal import ListenerProtocol

/// The options of fatalexit.
struct FatalExitOptions {
    /// The changes that stop supervisord.
    let triggers: FatalExitTriggers
    /// The exit status for all causes; nil for the program's own.
    let status: Int32?
    /// How long to wait for the program to recover.
    let delay: Duration
    /// How many lines of a process's log are included.
    let logLines: Int

    init(_ settings: Settings) throws(UsageError) {
        let arguments = settings.arguments
        var triggers = FatalExitTriggers()
        triggers.own = settings.environment.own
        triggers.patterns = try Self.patterns(.program, arguments)
        triggers.main = try Self.patterns(.main, arguments)
        if let value = arguments.value(.on) { try Self.read(value, into: &triggers) }
        if let value = arguments.value(.crashLoop) {
            triggers.crashLoop = try RestartLimit(crashLoop: value)
        }
        self.triggers = triggers
        status = try arguments.value(.status).map { value throws(UsageError) in
            Int32(try value.integer(in: 0...255))
        }
        delay = .seconds(try arguments.value(.delay)?.seconds() ?? 0)
        logLines = try DiagnosticsOptions.logLines(arguments)
    }

    private static func patterns(
        _ key: OptionKey, _ arguments: ParsedArguments
    ) throws(UsageError) -> [ProcessPattern] {
        try arguments.values(key).map { value throws(UsageError) in
            ProcessPattern(try value.text(requiring: "the name of a process"))
        }
    }

    private static func read(
        _ value: OptionValue, into triggers: inout FatalExitTriggers
    ) throws(UsageError) {
        let words = value.text.split(separator: ",").map { String($0.filter { $0 != " " }) }
        guard !words.isEmpty, words.allSatisfy({ ["fatal", "exited"].contains($0) }) else {
            throw .invalidValue(
                value.name, expected: "fatal, exited or fatal,exited", got: value.text)
        }
        triggers.isForFatal = words.contains("fatal")
        triggers.isForExited = words.contains("exited")
    }

    static let table = OptionTable(
        programName: "fatalexit",
        summary:
            "Stops supervisord when a program cannot run, so that a container exits with the program's status.",
        options: [
            OptionSpecification(
                .program, letter: "p", longName: "program",
                placeholder: "PATTERN", occurrence: .repeatable,
                help:
                    "Programs to monitor: name or group:name; wildcards: *, ? and [...] (default: all except listeners)."
            ),
            OptionSpecification(
                .on, longName: "on", placeholder: "fatal,exited",
                help: "States that stop supervisord (default: both).",
                standard: "fatal,exited"),
            OptionSpecification(
                .crashLoop, longName: "crash-loop", placeholder: "N/TIME",
                help: "Also stop supervisord after N unexpected exits of a program within TIME."),
            OptionSpecification(
                .main, longName: "main", placeholder: "PATTERN", occurrence: .repeatable,
                help:
                    "Stop supervisord when this program exits for any reason; the container exits with its status."
            ),
            OptionSpecification(
                .status, longName: "status", placeholder: "N",
                help: "Exit status of the container, instead of the program's."),
            OptionSpecification(
                .delay, longName: "delay", placeholder: "TIME",
                help:
                    "Wait this long before stopping supervisord; do not stop it if the program recovers."
            ),
            DiagnosticsOptions.logTail,
        ] + DeliveryOptions.ofSendmailTools)
}

extension RestartLimit {
    /// Parses `N/TIME` of `--crash-loop`.
    ///
    /// - Throws: `UsageError` that identifies the invalid part.
    init(crashLoop value: OptionValue) throws(UsageError) {
        var reader = SpecificationReader(value)
        let expected = "N/TIME, such as 5/10m,"
        let count = try reader.number(in: 2...1_000, requiring: "a number of exits from 2 to 1000")
        guard reader.skip("/") else { throw reader.error(requiring: expected, at: reader.position) }
        let period = try reader.seconds(atLeast: 1)
        try reader.end(requiring: expected)
        self.init(count: count, period: period)
    }
}

extension OptionKey {
    static let on: OptionKey = "on"
    static let crashLoop: OptionKey = "crash-loop"
    static let main: OptionKey = "main"
    static let status: OptionKey = "status"
    static let delay: OptionKey = "delay"
}

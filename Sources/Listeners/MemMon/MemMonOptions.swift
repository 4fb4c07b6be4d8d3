internal import ListenerProtocol
internal import Text

/// The options of memmon.
struct MemMonOptions {
    let limits: MemoryLimits
    /// What to measure.
    let measure: MemoryMeasure
    /// The percentage of its limit at which to warn about a process.
    let warning: Int?
    /// Whether to include a process's descendants.
    let isCumulative: Bool
    /// The maximum uptime in seconds for a mail about a restart.
    let uptime: Int
    /// The restart policy.
    let policy: RestartPolicy
    /// The number of lines of a process's log to include.
    let logLines: Int
    /// Probable mistakes.
    let warnings: [String]
    /// The name of this instance.
    let name: String?

    init(_ settings: Settings) throws(UsageError) {
        let arguments = settings.arguments
        guard !arguments.occurrences.isEmpty else {
            throw UsageError("no limit: add -p name=size, -g group=size or -a size")
        }
        limits = try Self.limits(arguments)
        measure =
            try arguments.last(.measure) { value throws(UsageError) in
                try MemoryMeasure(value)
            } ?? .resident
        let part = try arguments.last(.warn) { value throws(UsageError) in try value.percentage() }
        warning = limits.hasOwn ? part : nil
        isCumulative = arguments.has(.cumulative)
        policy = try RestartPolicy(arguments)
        uptime =
            try arguments.last(.uptime) { value throws(UsageError) in try value.seconds() } ?? .max
        logLines = try DiagnosticsOptions.logLines(arguments)
        name = arguments.value(.name)?.text
        let nothing = limits.isEmpty ? [Self.noLimit] : []
        let unused = part != nil && warning == nil && !limits.isEmpty ? [Self.noWarning] : []
        warnings = nothing + unused + Self.missingUnits(arguments) + limits.warnings
    }

    private static let noWarning =
        "--warn has no effect on --group-total: add a limit for each process with -p, -g or -a"

    private static let noLimit =
        "no limit is set, so nothing is watched: add -p, -g, -a or --group-total"

    private static func limits(_ arguments: ParsedArguments) throws(UsageError) -> MemoryLimits {
        var limits = MemoryLimits()
        for value in arguments.values(.program) {
            let limit = try value.namedMemorySize()
            limits.programs.set(limit.name, limit.size, text: "\(value.name) \(value.text)")
        }
        for value in arguments.values(.group) {
            let limit = try value.namedMemorySize()
            limits.groups.set(limit.name, limit.size, text: "\(value.name) \(value.text)")
        }
        for value in arguments.values(.groupTotal) {
            let limit = try value.namedMemorySize()
            limits.totals.set(limit.name, limit.size, text: "\(value.name) \(value.text)")
        }
        limits.any = try arguments.last(.any) { value throws(UsageError) in
            try value.memorySize()
        }
        limits.anyText = arguments.value(.any).map { "\($0.name) \($0.text)" } ?? ""
        limits.isMostSpecific = arguments.has(.mostSpecific)
        if limits.isRelative, let total = HostMemory().total { limits.total = total }
        return limits
    }

    /// Limits without a unit that are so low that the unit is probably missing.
    private static func missingUnits(_ arguments: ParsedArguments) -> [String] {
        [OptionKey.program, .group, .any, .groupTotal].flatMap(arguments.values).filter { value in
            let size = value.text.split(separator: "=").last ?? ""
            return Int(size).map { $0 < leastPlausible } ?? false
        }.map { value in
            let limit = "\(value.name) \(value.text)"
            return "\(limit) is a limit in bytes: add a unit, such as MB"
        }
    }

    /// A size in bytes that any process exceeds.
    private static let leastPlausible = 1 << 20

    /// The subject of a mail.
    func title(_ subject: String) -> String {
        MemMonMessages.title(subject, name: name)
    }

    static let table = OptionTable(
        programName: "memmon",
        summary: "Restarts processes that use too much memory.",
        options: [
            OptionSpecification(
                .cumulative, letter: "c", longName: "cumulative", isOriginal: true,
                help: "Include the memory of all descendants of a process."),
            OptionSpecification(
                .program, letter: "p", longName: "program",
                placeholder: "NAME=SIZE", occurrence: .repeatable, isOriginal: true,
                help:
                    "Limit for a process (name or group:name; wildcards: *, ? and [...]). SIZE is in bytes, or has the unit KB, MB, GB, TB or pct."
            ),
            OptionSpecification(
                .group, letter: "g", longName: "group",
                placeholder: "GROUP=SIZE", occurrence: .repeatable, isOriginal: true,
                help: "Limit for each process in a group."),
            OptionSpecification(
                .any, letter: "a", longName: "any", placeholder: "SIZE", isOriginal: true,
                help: "Limit for each process."),
            OptionSpecification(
                .mostSpecific, longName: "most-specific",
                help: "Apply only the most specific limit for a process: -p, then -g, then -a."),
            OptionSpecification(
                .groupTotal, longName: "group-total", placeholder: "GROUP=SIZE",
                occurrence: .repeatable,
                help: "Limit for a whole group; its largest process is restarted."),
            OptionSpecification(
                .measure, longName: "measure", placeholder: "MEASURE",
                help: "What to measure: rss (default), pss, uss or rss+swap.", standard: "rss"),
            OptionSpecification(
                .warn, longName: "warn", placeholder: "PERCENT",
                help: "Alert when a process exceeds this percentage of its limit, such as 80pct."),
            OptionSpecification(
                .uptime, letter: "u", longName: "uptime", placeholder: "TIME", isOriginal: true,
                help:
                    "Report a restart only if the process ran for at most TIME, such as 90, 30m or 1h."
            ),
            OptionSpecification(
                .name, letter: "n", longName: "name", placeholder: "NAME", isOriginal: true,
                help: "Name for subjects, to distinguish several instances."),
            DiagnosticsOptions.logTail,
        ] + RestartOptions.all + DeliveryOptions.ofSendmailTools)
}

extension OptionKey {
    static let cumulative: OptionKey = "cumulative"
    static let group: OptionKey = "group"
    static let mostSpecific: OptionKey = "most-specific"
    static let groupTotal: OptionKey = "group-total"
    static let measure: OptionKey = "measure"
    static let warn: OptionKey = "warn"
    static let uptime: OptionKey = "uptime"
}

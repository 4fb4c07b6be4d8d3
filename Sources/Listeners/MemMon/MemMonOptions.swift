internal import ListenerProtocol
internal import Text

/// The options of memmon.
struct MemMonOptions {
    let limits: MemoryLimits
    /// Whether a process's descendants count with it.
    let isCumulative: Bool
    /// The maximum uptime in seconds for a mail about a restart.
    let uptime: Int
    /// When to restart.
    let policy: RestartPolicy
    /// How many lines of a process's log are included.
    let logLines: Int
    /// Probable mistakes.
    let warnings: [String]
    /// The name of this instance.
    let name: String?

    init(_ settings: Settings) throws(UsageError) {
        let arguments = settings.arguments
        guard !arguments.occurrences.isEmpty else {
            throw UsageError("it requires limits: -p name=size, -g group=size or -a size")
        }
        var limits = MemoryLimits()
        for value in arguments.values(.program) {
            let limit = try value.namedByteSize()
            limits.programs[ExactText(limit.name)] = limit.size.bytes
        }
        for value in arguments.values(.group) {
            let limit = try value.namedByteSize()
            limits.groups[ExactText(limit.name)] = limit.size.bytes
        }
        limits.any = try arguments.value(.any)?.byteSize().bytes
        self.limits = limits
        isCumulative = arguments.has(.cumulative)
        policy = try RestartPolicy(arguments, host: settings.host)
        uptime = try arguments.value(.uptime)?.seconds() ?? .max
        logLines = try DiagnosticsOptions.logLines(arguments)
        name = arguments.value(.name)?.text
        warnings = Self.missingUnits(arguments)
    }

    /// Limits without a unit that are so low that the unit is probably missing.
    private static func missingUnits(_ arguments: ParsedArguments) -> [String] {
        [OptionKey.program, .group, .any].flatMap(arguments.values).filter { value in
            let size = value.text.split(separator: "=").last ?? ""
            return Int(size).map { $0 < leastPlausible } ?? false
        }.map { value in
            let limit = "\(value.name) \(value.text)"
            return "\(limit) is a limit in bytes: add a unit, such as MB"
        }
    }

    /// Less memory than any process uses, in bytes.
    private static let leastPlausible = 1 << 20

    /// The subject of a mail.
    func title(_ subject: String) -> String {
        name.map { "memmon [\($0)]: \(subject)" } ?? "memmon: \(subject)"
    }

    static let table = OptionTable(
        programName: "memmon",
        summary: "Restarts processes that hold too much memory.",
        options: [
            OptionSpecification(
                .cumulative, letter: "c", longName: "cumulative", isOfficial: true,
                help: "Count what the descendants of a process hold, too."),
            OptionSpecification(
                .program, letter: "p", longName: "program", aliases: ["process"],
                placeholder: "NAME=SIZE", occurrence: .repeatable, isOfficial: true,
                help:
                    "The limit of a process, name or group:name. A size is bytes, or has KB, MB or GB."
            ),
            OptionSpecification(
                .group, letter: "g", longName: "group", aliases: ["groupname"],
                placeholder: "GROUP=SIZE", occurrence: .repeatable, isOfficial: true,
                help: "The limit of each process in a group."),
            OptionSpecification(
                .any, letter: "a", longName: "any", placeholder: "SIZE", isOfficial: true,
                help: "The limit of each process."),
            OptionSpecification(
                .uptime, letter: "u", longName: "uptime", placeholder: "TIME", isOfficial: true,
                help:
                    "Tell only of processes that have run no longer: seconds, or with s, m, h or d."
            ),
            OptionSpecification(
                .name, letter: "n", longName: "name", placeholder: "NAME", isOfficial: true,
                help: "Stands in subjects, to tell this memmon from others."),
            DiagnosticsOptions.logTail,
        ] + RestartOptions.all + DeliveryOptions.ofSendmailTools)
}

extension OptionKey {
    static let cumulative: OptionKey = "cumulative"
    static let group: OptionKey = "group"
    static let uptime: OptionKey = "uptime"
}

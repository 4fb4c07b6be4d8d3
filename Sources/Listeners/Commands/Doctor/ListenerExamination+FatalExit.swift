// Checks what fatalexit and fatalretry require besides their own sections.

internal import ListenerProtocol
internal import SupervisorConfiguration
internal import Text

extension ListenerExamination {
    /// Checks whether fatalexit can determine exit statuses, and whether it acts alone.
    ///
    /// - Parameters:
    ///   - settings: Its settings.
    ///   - plan: Its plan.
    mutating func examineFatalExit(_ settings: Settings, _ plan: ListenerPlan) {
        if !settings.arguments.has(.status) { examineOwnLog() }
        for (other, patterns) in retried {
            examineOverlap(other, patterns, plan.selectors.map(\.pattern))
        }
    }

    /// Checks whether no other fatalretry starts the same programs.
    ///
    /// - Parameter plan: Its plan.
    mutating func examineFatalRetry(_ plan: ListenerPlan) {
        let own = plan.selectors.map(\.pattern)
        for (other, patterns) in retried where other.section.name != listener.section.name {
            let both = KnownProcesses(programs, access).names.filter { name in
                own.contains { $0.matches(name) } && patterns.contains { $0.matches(name) }
            }
            guard let names = Self.abbreviated(both) else { continue }
            add(
                "names", .warning,
                "[\(other.section.name)] also starts \(names), so neither waits for its delay: "
                    + "select other processes with -p")
        }
    }

    /// The sections that run fatalretry, each with the patterns of its programs.
    private var retried: [(section: ConfiguredProgram, patterns: [ProcessPattern])] {
        programs.filter(\.isListener).compactMap { other in
            guard let command = Self.command(of: other),
                command.tool.name == Tool.fatalretry.name, let words = command.words,
                let patterns = try? command.tool.options.parse(words).values(.program)
            else { return nil }
            return (other, patterns.map { ProcessPattern($0.text) })
        }
    }

    /// The first of several names, and the number of the others; nil for none.
    private static func abbreviated(_ names: Set<ProcessName>) -> String? {
        names.min { $0.qualifiedName < $1.qualifiedName }.map { first in
            names.count > 1 ? "\(first) and \(names.count - 1) more" : "\(first)"
        }
    }

    /// supervisord's log is the only source of the status of a FATAL program.
    private mutating func examineOwnLog() {
        var configuration = configuration
        guard let section = configuration["supervisord"] else { return }
        let status = "a container ends with status 1 instead of that of a FATAL program"
        if let file = configuration.value("logfile", of: section), Self.isUnreadable(file) {
            add(
                "logfile", .warning,
                "with logfile=\(file) \(status): set logfile= in [supervisord] to a file "
                    + "(supervisord -n also writes its log to standard output), or set --status")
        }
        switch configuration.value("loglevel", of: section)?.lowercased() {
        case "critical", "error":
            add(
                "loglevel", .warning,
                "the log does not contain exits, so \(status): set loglevel=info in [supervisord]")
        case "warn":
            add(
                "loglevel", .note,
                "before supervisord 4.3.0, the log does not contain exits with loglevel=warn, and "
                    + "\(status)")
        default: return
        }
    }

    /// Whether supervisord cannot read back what it writes to a log: a pipe, a device or syslog.
    private static func isUnreadable(_ file: String) -> Bool {
        let devices = ["/dev/std", "/dev/fd/", "/proc/", "/dev/null", "/dev/tty", "/dev/console"]
        return file == "syslog" || devices.contains(where: file.hasPrefix)
    }

    /// Reports the processes that fatalretry starts again, and whose failure stops supervisord.
    private mutating func examineOverlap(
        _ other: ConfiguredProgram, _ retried: [ProcessPattern], _ own: [ProcessPattern]
    ) {
        let groups = Set(configuration.listenerGroups.map { ExactText($0) })
        let both = KnownProcesses(programs, access).names.filter { name in
            let isMonitored =
                own.isEmpty
                ? !groups.contains(ExactText(name.group)) : own.contains { $0.matches(name) }
            return isMonitored && retried.contains { $0.matches(name) }
        }
        guard let names = Self.abbreviated(both) else { return }
        add(
            "names", .warning,
            "it stops supervisord when \(names) becomes FATAL, before "
                + "[\(other.section.name)] starts it again: select other processes with -p")
    }
}

public import System
internal import Text

/// The details of an incident that were determined after it occurred.
///
/// All fields are optional: unknown ones are omitted.
public struct Diagnostics: Hashable, Sendable {
    /// The host.
    public var host: String?

    /// The `identifier` of the supervisord.
    public var supervisor: String?

    /// When it occurred, if it was detected only seconds later.
    public var occurredAt: Timestamp?

    /// The state of the process shortly afterwards, as a clause such as `restarted, running (pid
    /// 4711)`.
    public var state: String?

    /// The exit status of the process.
    public var exitStatus: Int?

    /// The signal that killed it, as a clause such as `terminated by SIGSEGV (core dumped)`.
    public var signal: String?

    /// What the OOM killer has done, as a clause, if it may have killed the process.
    public var oomKiller: String?

    /// How long it ran, in seconds.
    public var uptime: Int?

    /// The number of recent crashes, as a clause such as `3 in the last hour`.
    public var deaths: String?

    /// The number of recent crashes.
    public var crashes: CrashCount?

    /// Why it could not be started.
    public var spawnError: String?

    /// What it holds and may hold, as people read sizes.
    public var memory: String?

    /// The command that shows its log.
    public var logCommand: String?

    /// Why no command shows its log, as a clause; nil if one does, or if that is unknown.
    public var logAbsence: String?

    /// The URL of a page that says what to do.
    public var runbook: String?

    /// The ends of its logs.
    public var logs: [LogExcerpt] = []

    /// Further paragraphs, such as a chart.
    public var sections: [String] = []

    /// Creates diagnostics.
    ///
    /// - Parameter host: The host, if known.
    public init(host: String? = nil) {
        self.host = host
    }

    /// Merges diagnostics.
    ///
    /// The logs are those that were read first, which are nearer to the incident.
    ///
    /// - Parameter other: Later diagnostics, which take precedence.
    /// - Returns: The merged diagnostics.
    public func adding(_ other: Diagnostics) -> Diagnostics {
        var other = other
        if !logs.isEmpty { other.logs = [] }
        return Diagnostics(records: records + other.records) ?? self
    }

    /// The known facts with the current state, as the end of a mail; empty if there are none.
    public var text: String {
        guard let stateLine else { return textWithoutState }
        let facts = facts.isEmpty ? "\n" : ""
        let rest = textWithoutState
        return rest.isEmpty ? stateLine : "\(stateLine)\n\(facts)\(rest)"
    }

    /// The current state as a line; nil if unknown.
    var stateLine: String? { state.map { "now: \($0.withVisibleControls)" } }

    /// The known facts without the current state, each with its name.
    var facts: [(name: String, value: String)] {
        var facts: [(name: String, value: String)] = []
        func add(_ name: String, _ value: String?) {
            if let value { facts.append((name, value.withVisibleControls)) }
        }
        add("host", host)
        add("supervisor", supervisor)
        add("occurred at", occurredAt?.formatted("%Y-%m-%d %H:%M:%S"))
        add("exit status", exitStatus.map(String.init))
        add("signal", signal)
        add("OOM killer", oomKiller)
        add("uptime", uptime.map(Self.duration))
        add("deaths", deaths)
        add("spawn error", spawnError)
        add("memory", memory)
        add("log", logAbsence.map { "none: \($0)" } ?? logCommand)
        add("runbook", runbook)
        return facts
    }

    /// The known facts without the current state.
    package var textWithoutState: String {
        let lines = facts.map { "\($0.name): \($0.value)" }
        var paragraphs = lines.isEmpty ? [] : [lines.joined(separator: "\n")]
        paragraphs += sections
        paragraphs += logs.map(\.text)
        return paragraphs.joined(separator: "\n\n")
    }

    /// The same without the lines of logs.
    var withoutLogs: Diagnostics {
        var found = self
        found.logs.removeAll { $0.refusal == nil }
        return found
    }

    /// The first log of which lines are shown.
    public var shownLog: LogExcerpt? { logs.first { !$0.lines.isEmpty } }

    /// Formats a number of seconds.
    package static func duration(_ seconds: Int) -> String {
        let units = [("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)]
        var rest = max(0, seconds)
        var parts: [String] = []
        for (name, length) in units where rest >= length {
            parts.append("\(rest / length) \(name)")
            rest %= length
        }
        // The two largest units are sufficient.
        return parts.isEmpty ? "0 s" : parts.prefix(2).joined(separator: " ")
    }
}

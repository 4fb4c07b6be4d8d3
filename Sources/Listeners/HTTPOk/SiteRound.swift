internal import Alerting
internal import ListenerProtocol
internal import System

/// The consequences of one failed check: log lines in order, and one alert.
final class SiteRound {
    private struct Slot {
        var process: ProcessName?
        var lines: [String] = []
        var isLogged = false
        var isOpen = false
    }

    private let check: Incident.Check
    private let cause: String
    private let process: ProcessName?
    /// Whether another round of the site was open when this one began.
    let isFurther: Bool
    private let log: Log
    private let time = Timestamp.now
    private var diagnostics: Diagnostics
    private var slots: [Slot] = []
    private var loggedCount = 0
    private var states: [(process: ProcessName, state: String)] = []
    private let alert: (Incident) -> Void
    private let end: () -> Void
    private var isClosed = false

    /// The processes that are restarted in this round.
    private(set) var processes: Set<ProcessName> = []

    /// Whether an alert is required, such as about an action.
    private var requiresAlert = false
    /// Whether the policy prevented an action.
    private var isHeld = false

    /// Begins a round.
    ///
    /// - Parameters:
    ///   - check: The failed check.
    ///   - cause: The cause of the failure in a few words.
    ///   - process: The process of the site, if there is exactly one.
    ///   - diagnostics: The host and the supervisor.
    ///   - isFurther: Whether another round of the site is open: then the failure is logged and
    ///     reported only if it leads to an action.
    ///   - log: The log.
    ///   - alert: Called at the end if there is something to alert about.
    ///   - end: Called after that.
    init(
        of check: Incident.Check, cause: String, _ process: ProcessName?, diagnostics: Diagnostics,
        isFurther: Bool = false, log: Log,
        alert: @escaping (Incident) -> Void, end: @escaping () -> Void
    ) {
        self.check = check
        self.cause = cause
        self.process = process
        self.diagnostics = diagnostics
        self.isFurther = isFurther
        self.log = log
        self.alert = alert
        self.end = end
        isHeld = isFurther
    }

    /// Adds one or more lines.
    func add(_ line: String, isLogged: Bool = false) {
        slots.append(Slot(lines: [line], isLogged: isLogged))
        flush()
    }

    /// Adds why the policy leaves a process alone, which is logged elsewhere.
    func hold(_ line: String) {
        isHeld = true
        add(line, isLogged: true)
    }

    /// Adds why the policy leaves a process alone, which requires an alert and is logged elsewhere.
    func report(_ line: String) {
        requiresAlert = true
        add(line, isLogged: true)
    }

    /// Records that the policy does not require an alert yet.
    func hold() {
        isHeld = true
    }

    /// Why no process is restarted, unless one is.
    var obstacle: String?

    /// Records the state of a process that is left alone.
    func note(_ process: ProcessName, _ state: String) {
        states.append((process, state))
    }

    /// Reserves a position for the lines of a worker.
    ///
    /// - Parameter process: The process that it restarts.
    /// - Returns: The position.
    func open(for process: ProcessName) -> Int {
        processes.insert(process)
        slots.append(Slot(process: process, isLogged: true, isOpen: true))
        flush()
        return slots.count - 1
    }

    /// Fills a reserved position.
    func fill(_ place: Int, _ parts: [SiteRestartReport.Part], _ outcome: RestartOutcome) {
        slots[place].lines = parts.compactMap(\.line)
        slots[place].isOpen = false
        diagnostics.sections += parts.compactMap(\.section)
        if let process = slots[place].process { note(process, outcome.state(after: "httpok")) }
        switch outcome {
        case .recovered, .postponed: isHeld = true
        default: requiresAlert = true
        }
        flush()
        endIfDone()
    }

    /// Ends the additions.
    func close() {
        isClosed = true
        endIfDone()
    }

    /// Logs the lines before the first open position.
    private func flush() {
        // The lines of a further round explain its actions.
        guard !isFurther || requiresAlert || !processes.isEmpty else { return }
        while loggedCount < slots.count, !slots[loggedCount].isOpen {
            if !slots[loggedCount].isLogged {
                for line in slots[loggedCount].lines { log.write(line) }
            }
            loggedCount += 1
        }
    }

    private func endIfDone() {
        guard isClosed, !slots.contains(where: \.isOpen) else { return }
        isClosed = false
        defer { end() }
        guard requiresAlert || !isHeld else { return }
        let message = slots.flatMap(\.lines).joined(separator: "\n")
        diagnostics.state = state
        var incident = Incident(
            .unhealthy, at: time, to: process, message: message, diagnostics: diagnostics)
        incident.check = check
        incident.reason = cause.isEmpty ? nil : cause
        alert(incident)
    }

    /// The states of all processes, as a clause; nil if there are none.
    private var state: String? {
        guard states.count > 1 else {
            return states.first?.state ?? obstacle.map { "nothing is restarted: \($0)" }
        }
        var groups: [(state: String, names: [String])] = []
        for (process, state) in states {
            if let index = groups.firstIndex(where: { $0.state == state }) {
                groups[index].names.append("\(process)")
            } else {
                groups.append((state, ["\(process)"]))
            }
        }
        return groups.map { group in
            let names = group.names
            let list =
                names.count > Self.mostNames
                ? "\(names.count) processes" : names.joined(separator: ", ")
            return "\(list): \(group.state)"
        }.joined(separator: "; ")
    }

    /// How many processes of one state are named.
    private static let mostNames = 3
}

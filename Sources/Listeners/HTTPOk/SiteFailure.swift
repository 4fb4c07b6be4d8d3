internal import Alerting
internal import ListenerProtocol
internal import System
internal import Text

/// The consequences of one failed check: log lines in order, and one alert.
final class SiteFailure {
    private struct Slot {
        var process: ProcessName?
        var lines: [String] = []
        var level = Log.Level.info
        var isLogged = false
        var isOpen = false
    }

    private let identity: String
    private let subject: String
    private let check: Incident.Check
    private let cause: String
    private let process: ProcessName?
    /// Whether another failure of the site was open when this one began.
    let isFurther: Bool
    private let log: Log
    private let time = Timestamp.now
    private var diagnostics: Diagnostics
    /// The ends of the logs, for an alert without a restart.
    private let logs: [Diagnostics]
    /// The ends of the logs of the processes that were restarted.
    private var restartedLogs: [Diagnostics] = []
    private var slots: [Slot] = []
    private var loggedCount = 0
    private var states: [(process: ProcessName, state: String)] = []
    private let report: (SiteReport) -> Void
    private let end: () -> Void
    private var isClosed = false
    private var hasEnded = false

    /// The processes that are restarted because of it.
    private(set) var processes: Set<ProcessName> = []

    /// Who has to know of it, unless nothing was held.
    private var urgency = SiteReport.Urgency.none
    /// Whether the policy prevented an action.
    private var isHeld = false
    /// Whether supervisord is shutting down, so that its processes are down anyway.
    private var isMoot = false
    /// The failure of another site because of which a process of this one is restarted.
    private var host: SiteFailure?
    private var joined: [SiteReport] = []

    /// Begins to handle a failure.
    ///
    /// - Parameters:
    ///   - identity: Identifies the check.
    ///   - subject: The subject of the mail.
    ///   - check: The failed check.
    ///   - cause: The cause of the failure in a few words.
    ///   - process: The process of the site, if there is exactly one.
    ///   - diagnostics: The host and the supervisor.
    ///   - logs: The ends of the logs, for an alert without a restart.
    ///   - isFurther: Whether another failure of the site is open: then this one is logged and
    ///     reported only if it leads to an action.
    ///   - log: The log.
    ///   - report: Called at the end if there is something to report.
    ///   - end: Called after that.
    init(
        _ identity: String, subject: String = "", of check: Incident.Check, cause: String,
        _ process: ProcessName?, diagnostics: Diagnostics, logs: [Diagnostics] = [],
        isFurther: Bool = false, log: Log, report: @escaping (SiteReport) -> Void,
        end: @escaping () -> Void
    ) {
        self.identity = identity
        self.subject = subject
        self.check = check
        self.cause = cause
        self.process = process
        self.diagnostics = diagnostics
        self.logs = logs
        self.isFurther = isFurther
        self.log = log
        self.report = report
        self.end = end
        isHeld = isFurther
    }

    /// Adds one or more lines.
    func add(_ level: Log.Level, _ line: String) {
        append(Slot(lines: [line], level: level))
    }

    private func append(_ slot: Slot) {
        slots.append(slot)
        flush()
    }

    /// Adds why the policy leaves a process alone, which is logged elsewhere.
    ///
    /// - Parameters:
    ///   - line: The reason.
    ///   - urgency: Who has to know that the site fails.
    func hold(_ line: String, _ urgency: SiteReport.Urgency = .none) {
        isHeld = true
        self.urgency = max(self.urgency, urgency)
        append(Slot(lines: [line], isLogged: true))
    }

    /// Lets the failure of another site, because of which a process of this one is restarted, report
    /// this one, too.
    func join(_ host: SiteFailure) {
        self.host = host
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
        append(Slot(process: process, isLogged: true, isOpen: true))
        return slots.count - 1
    }

    /// Fills a reserved position.
    ///
    /// - Parameters:
    ///   - place: The position.
    ///   - lines: The lines.
    ///   - outcome: The outcome of the restart.
    ///   - logs: The ends of the logs before the restart.
    ///   - retry: Who tries a failed start again.
    func fill(
        _ place: Int, _ lines: [String], _ outcome: RestartOutcome, logs: [Diagnostics] = [],
        retry: RetryOutlook.Retry = .listener
    ) {
        slots[place].lines = lines
        slots[place].isOpen = false
        restartedLogs += logs
        if let process = slots[place].process {
            note(process, outcome.state(after: "httpok", retry: retry))
        }
        switch outcome {
        case .recovered, .prevented: isHeld = true
        case .shutdown:
            isHeld = true
            isMoot = true
        case .postponed:
            isHeld = true
            urgency = max(urgency, .reminder)
        default: urgency = .action
        }
        flush()
        if outcome.isFailure { reportFailure(of: place) }
        endIfDone()
    }

    /// Reports at once that a process could not be stopped or started, if others of its group wait
    /// for their restart: they may wait for it.
    private func reportFailure(of place: Int) {
        guard let group = slots[place].process?.group,
            slots.contains(where: { $0.isOpen && $0.process?.group.isExactly(group) == true })
        else { return }
        reportSoFar()
        // The report at the end is about the others.
        states.removeAll { $0.process == slots[place].process }
        slots[place].lines = []
    }

    /// Reports while processes wait for their restart.
    private func reportSoFar() {
        let waiting = slots.compactMap { $0.isOpen ? $0.process : nil }
        let known = states
        states += waiting.map { ($0, "waiting for its restart") }
        report(
            SiteReport(identity: identity, subject: subject, incident: incident, urgency: .action))
        states = known
    }

    /// Reports at once what was done, although others of its processes are still being restarted.
    func reportDone() {
        guard urgency == .action, slots.contains(where: \.isOpen) else { return }
        reportSoFar()
        // The report at the end is about the others.
        for place in slots.indices where !slots[place].isOpen {
            states.removeAll { $0.process == slots[place].process }
            if slots[place].process != nil { slots[place].lines = [] }
        }
    }

    /// Fills the position of a process whose restart was withdrawn before it began.
    ///
    /// - Parameters:
    ///   - place: The position.
    ///   - reason: Why it was.
    func withdraw(_ place: Int, _ reason: String) {
        isHeld = true
        slots[place].isOpen = false
        if let process = slots[place].process {
            slots[place].lines = ["\(process) is not restarted: \(reason)"]
            note(process, "not restarted: \(reason)")
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
        // The lines of a further failure explain its actions.
        guard !isFurther || urgency == .action || !processes.isEmpty else { return }
        while loggedCount < slots.count, !slots[loggedCount].isOpen {
            if !slots[loggedCount].isLogged {
                for line in slots[loggedCount].lines { log.write(slots[loggedCount].level, line) }
            }
            loggedCount += 1
        }
    }

    private func endIfDone() {
        guard isClosed, !slots.contains(where: \.isOpen) else { return }
        isClosed = false
        hasEnded = true
        defer { end() }
        var report = SiteReport(
            identity: identity, subject: subject, incident: incident,
            urgency: isHeld || urgency == .action ? urgency : .action, joined: joined)
        if let host, report.urgency < .reminder {
            guard host.hasEnded else { return host.joined.append(report) }
            report.urgency = .reminder
        }
        guard report.urgency != .none || !joined.isEmpty, !isMoot || urgency == .action else {
            return
        }
        self.report(report)
    }

    private var incident: Incident {
        let message = slots.flatMap(\.lines).joined(separator: "\n")
        var found = diagnostics
        found.state = state
        let logs = restartedLogs + (urgency == .reminder ? logs : [])
        if logs.count == 1 {
            found.logs = logs[0].logs
            found.logCommand = logs[0].logCommand
            found.logAbsence = logs[0].logAbsence
        } else {
            // Which process each one is of.
            found.sections += logs.filter { $0.logAbsence == nil }.map(\.text)
        }
        var incident = Incident(
            .unhealthy, at: time, to: process, message: message, diagnostics: found)
        incident.check = check
        incident.reason = cause.isEmpty ? nil : cause
        return incident
    }

    /// Whether a process waits for its restart because of it, or is being restarted.
    func isRestarting(_ process: ProcessName) -> Bool {
        slots.contains { $0.isOpen && $0.process == process }
    }

    /// The states of all processes, as a clause; nil if there are none.
    private var state: String? {
        guard states.count > 1 else {
            return states.first?.state ?? obstacle.map { "nothing is restarted: \($0)" }
        }
        return JointState.words(states.map { ("\($0.process)", $0.state) })
    }
}

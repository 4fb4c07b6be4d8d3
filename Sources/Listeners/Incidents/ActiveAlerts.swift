internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import System

/// Active alerts for services that track resolution: repeats them until they are resolved, then
/// sends the resolution.
///
/// Repetition is required because Alertmanager does not keep alerts across restarts, and expires
/// those that are not repeated.
///
/// A process counts as resolved only after it has been RUNNING for a while: Alertmanager delays new
/// alerts, and would never notify about one that is resolved by then, such as the crash of a
/// program that is restarted immediately. The same applies to one that was stopped: it may only be
/// on its way to another start.
final class ActiveAlerts {
    /// The kind of incident, and the process or the check.
    private struct Key: Hashable {
        let kind: Incident.Kind
        let process: ProcessName?
        let check: Incident.Check?

        init(_ incident: Incident) {
            kind = incident.kind
            check = incident.check
            process = incident.process
        }
    }

    private struct ActiveAlert {
        let incident: Incident
        /// Its key in the spool, for the next run.
        let key: Spool.Key?
    }

    /// A state that has not lasted long enough yet.
    private struct Stability {
        let state: SettledState
        let timer: PollLoop.Timer
    }

    /// A state that lasts.
    private struct Settlement {
        let state: SettledState
        /// When the listener saw it first.
        let begin: Timestamp
        /// When it began: earlier, if the listener was not running then.
        let since: Timestamp
    }

    private let loop: PollLoop
    private let stabilityPeriod: Duration
    private let spool: Spool?
    private let interval: Duration
    private let post: (Alert) -> Void
    private let resend: ([Incident], @escaping (Bool) -> Void) -> Void
    private var active: [Key: ActiveAlert] = [:]
    private var timer: PollLoop.Timer?
    private var isRepeating = false
    /// Incidents that were resolved during their repetition, which may have reactivated them.
    private var resolvedMeanwhile: [(key: Key, recovery: Incident)] = []
    /// Processes that have been in such a state for less than the stabilityPeriod.
    private var stabilizing: [ProcessName: Stability] = [:]
    /// The state of the other processes; a later alert may be older than that.
    private var settled: [ProcessName: Settlement] = [:]

    /// Called before active alerts are repeated, to look at the processes that are down: the
    /// listener may not be subscribed to what became of them.
    var onRepetition: () -> Void = {}

    /// Creates the list.
    ///
    /// - Parameters:
    ///   - loop: The event loop.
    ///   - stabilityPeriod: How long a process must be RUNNING, or stopped.
    ///   - spool: Stores the alerts for the next run.
    ///   - interval: How often active alerts are repeated.
    ///   - post: Sends a resolution.
    ///   - resend: Repeats incidents, and calls back after each attempt with whether it was the last
    ///     one.
    init(
        loop: PollLoop, stabilityPeriod: Duration = .seconds(60), spool: Spool? = nil,
        interval: Duration = .seconds(120), post: @escaping (Alert) -> Void,
        resend: @escaping ([Incident], @escaping (Bool) -> Void) -> Void = { _, end in end(true) }
    ) {
        self.loop = loop
        self.stabilityPeriod = stabilityPeriod
        self.spool = spool
        self.interval = interval
        self.post = post
        self.resend = resend
    }

    /// Restores an active alert of an earlier run.
    func restore(_ incident: Incident, _ key: Spool.Key) {
        if active[Key(incident)] == nil {
            active[Key(incident)] = ActiveAlert(incident: incident, key: key)
            scheduleRepetition()
        } else {
            spool?.remove(key)
        }
    }

    /// The processes with an active alert.
    var processes: Set<ProcessName> { Set(active.keys.compactMap(\.process)) }

    /// The active alerts about failed checks of sites: each check, and the process of the alert.
    var failedChecks: [(check: Incident.Check, process: ProcessName?)] {
        active.keys.compactMap { key in
            guard key.kind == .unhealthy, let check = key.check else { return nil }
            return (check, key.process)
        }
    }

    /// Records an alert that is sent.
    func note(_ alert: Alert) {
        for incident in alert.incidents where Self.lasting.contains(incident.kind) {
            let key = Key(incident)
            keep(incident, as: key)
            // The alert of a batch may be about incidents that are already resolved.
            guard
                let process = incident.process,
                let settlement = settled[process], settlement.begin >= incident.time,
                settlement.state == .running || settlement.state.ends(key.kind)
            else { continue }
            resolve(since: settlement.since) {
                $0.kind == key.kind && $0.process?.matches(process) == true
                    ? .settled(settlement.state) : nil
            }
        }
    }

    /// Whether an alert about the same process or check is active.
    func isActive(_ incident: Incident) -> Bool { active[Key(incident)] != nil }

    /// The incident, with the time of the first alert about it if it is active already.
    func continued(_ incident: Incident) -> Incident {
        guard let known = active[Key(incident)]?.incident else { return incident }
        var incident = incident
        incident.since = min(known.start, incident.start)
        return incident
    }

    /// The latest incident is the one that is repeated; its time is the alert's age, and the alert
    /// keeps its start.
    private func keep(_ incident: Incident, as key: Key) {
        var incident = continued(incident)
        if let known = active[key] {
            if incident.time <= known.incident.time {
                // An alert that was held back meanwhile may be the first one.
                guard incident.start < known.incident.start else { return }
                let start = incident.start
                incident = known.incident
                incident.since = start
            }
            if let kept = known.key { spool?.replace(kept, by: .active(incident)) }
            active[key] = ActiveAlert(incident: incident, key: known.key)
        } else {
            active[key] = ActiveAlert(incident: incident, key: spool?.keep(.active(incident)))
            scheduleRepetition()
        }
    }

    // MARK: Repetition

    /// Repeats the active alerts, and removes those that are too old.
    func repeatNow() {
        let now = Timestamp.now
        for (key, old) in active where !old.incident.isActive(at: now) {
            active[key] = nil
            if let kept = old.key { spool?.remove(kept) }
        }
        let incidents = active.values.map(\.incident).sorted { $0.time < $1.time }
        guard !incidents.isEmpty else { return }
        isRepeating = true
        resend(incidents) { [weak self] isLast in self?.endRepetition(isLast) }
    }

    private func scheduleRepetition() {
        guard timer == nil, !active.isEmpty else { return }
        timer = loop.after(interval) { [weak self] in
            guard let self else { return }
            timer = nil
            onRepetition()
            repeatNow()
            scheduleRepetition()
        }
    }

    private func endRepetition(_ isLast: Bool) {
        let recoveries = resolvedMeanwhile.filter { active[$0.key] == nil }.map(\.recovery)
        if isLast {
            isRepeating = false
            resolvedMeanwhile = []
        }
        post(recoveries)
    }

    // MARK: Recovery

    /// Records a change of state of any process.
    func note(_ change: ProcessStateChange, _ name: EventName) {
        let process = change.process
        forget(process)
        switch name {
        case .processStateRunning: see(process, .running)
        case .processStateStopped: see(process, .stopped)
        case .processStateExited where change.isExpected == true: see(process, .completed)
        default: break
        }
    }

    private func forget(_ process: ProcessName) {
        if let known = stabilizing.removeValue(forKey: process) { loop.cancel(known.timer) }
        settled[process] = nil
    }

    /// Records the state of a process, and starts its stability period.
    ///
    /// - Parameters:
    ///   - process: The process.
    ///   - state: Its state.
    ///   - since: When it began; nil for now.
    func see(_ process: ProcessName, _ state: SettledState, since: Timestamp? = nil) {
        guard stabilizing[process]?.state != state else { return }
        forget(process)
        let begin = Timestamp.now
        let timer = loop.after(stabilityPeriod) { [weak self] in
            let settlement = Settlement(state: state, begin: begin, since: since ?? begin)
            self?.settle(process, settlement)
        }
        stabilizing[process] = Stability(state: state, timer: timer)
    }

    private func settle(_ process: ProcessName, _ settlement: Settlement) {
        stabilizing[process] = nil
        settled[process] = settlement
        resolve(since: settlement.since) {
            settlement.state.ends($0.kind) && $0.process?.matches(process) == true
                ? .settled(settlement.state) : nil
        }
    }

    /// Sends the resolution of failed checks of a site.
    ///
    /// - Parameters:
    ///   - check: The check.
    ///   - end: Why they no longer apply.
    ///   - isOver: Whether the alert with this process is resolved; nil is the one without a
    ///     process.
    func resolve(
        _ check: Incident.Check, as end: AlertEnd, of isOver: (ProcessName?) -> Bool = { _ in true }
    ) {
        resolve {
            $0.kind == .unhealthy && $0.check == check && isOver($0.process) ? end : nil
        }
    }

    /// Sends the resolution of incidents.
    ///
    /// - Parameters:
    ///   - kind: The kind of the incidents.
    ///   - end: Why the one about a process no longer applies; nil if it still does.
    func resolve(_ kind: Incident.Kind, _ end: (ProcessName?) -> AlertEnd?) {
        resolve { $0.kind == kind ? end($0.process) : nil }
    }

    private func resolve(since: Timestamp? = nil, _ end: (Key) -> AlertEnd?) {
        var recoveries: [Incident] = []
        for (key, alert) in active {
            guard let end = end(key) else { continue }
            active[key] = nil
            if let key = alert.key { spool?.remove(key) }
            let recovery = Self.recovery(from: alert.incident, by: end, since: since ?? .now)
            recoveries.append(recovery)
            if isRepeating { resolvedMeanwhile.append((key, recovery)) }
        }
        post(recoveries)
    }

    private func post(_ recoveries: [Incident]) {
        guard !recoveries.isEmpty else { return }
        let time = Timestamp.now
        let message = recoveries.map(\.message).joined(separator: "\n")
        post(Alert(subject: message, body: message, time: time, incidents: recoveries))
    }

    /// Kinds that stay active until something changes.
    private static let lasting: Set<Incident.Kind> = [
        .exited, .fatal, .unhealthy, .memory, .gaveUp,
    ]

    /// The resolution must have the same labels as the alert.
    private static func recovery(
        from incident: Incident, by alertEnd: AlertEnd, since: Timestamp
    ) -> Incident {
        var known = Diagnostics(host: incident.diagnostics?.host)
        known.supervisor = incident.diagnostics?.supervisor
        var recovery = Incident(
            .recovered, at: .now, to: incident.process, pid: incident.pid,
            fromState: incident.fromState, message: "", diagnostics: known,
            header: incident.header,
            recovery: Incident.Recovery(of: incident.kind, since: incident.start))
        recovery.check = incident.check
        recovery.notice = incident.notice
        // supervisord's times are in whole seconds.
        let end = max(since, incident.start)
        recovery.predicate =
            alertEnd.predicate
            ?? Incident.recovered(after: end.seconds - incident.start.seconds)
        recovery.message =
            alertEnd.predicate.map { "\(incident.topic ?? "It") \($0)" }
            ?? recovery.summary
        return recovery
    }
}

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
/// program that is restarted immediately.
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

    private struct Run {
        let begin: Timestamp
        let timer: PollLoop.Timer
    }

    private let loop: PollLoop
    private let stabilityPeriod: Duration
    private let spool: Spool?
    private let interval: Duration
    private let post: (Alert) -> Void
    private let resend: (Alert, @escaping (Bool) -> Void) -> Void
    private var active: [Key: ActiveAlert] = [:]
    private var timer: PollLoop.Timer?
    private var isRepeating = false
    /// Incidents that were resolved during their repetition, which may have reactivated them.
    private var resolvedMeanwhile: [Incident] = []
    /// Processes that have been RUNNING for less than the stabilityPeriod.
    private var stabilizing: [ProcessName: Run] = [:]
    /// Since when the other processes have been RUNNING; a later alert may be older than that.
    private var running: [ProcessName: Timestamp] = [:]

    /// Creates the list.
    ///
    /// - Parameters:
    ///   - loop: The event loop.
    ///   - stabilityPeriod: How long a process must be RUNNING.
    ///   - spool: Stores the alerts for the next run.
    ///   - interval: How often active alerts are repeated.
    ///   - post: Sends a resolution.
    ///   - resend: Repeats an alert, and calls back after each attempt with whether it was the last
    ///     one.
    init(
        loop: PollLoop, stabilityPeriod: Duration = .seconds(60), spool: Spool? = nil,
        interval: Duration = .seconds(120), post: @escaping (Alert) -> Void,
        resend: @escaping (Alert, @escaping (Bool) -> Void) -> Void = { _, end in end(true) }
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

    /// The processes with an active alert because they died or failed to start.
    var downProcesses: Set<ProcessName> {
        Set(active.keys.filter { Self.ended.contains($0.kind) }.compactMap(\.process))
    }

    /// Records an alert that is sent.
    func note(_ alert: Alert) {
        for incident in alert.incidents where Self.lasting.contains(incident.kind) {
            let key = Key(incident)
            keep(incident, as: key)
            // The alert of a batch may be about incidents that are already resolved.
            guard
                let process = incident.process,
                let begin = running[process], begin >= incident.time
            else { continue }
            resolve { $0 == key.kind && $1?.matches(process) == true }
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
        let message = incidents.map(\.summary).joined(separator: "\n")
        isRepeating = true
        resend(Alert(subject: nil, body: message, time: now, incidents: incidents)) {
            [weak self] isLast in self?.endRepetition(isLast)
        }
    }

    private func scheduleRepetition() {
        guard timer == nil, !active.isEmpty else { return }
        timer = loop.after(interval) { [weak self] in
            guard let self else { return }
            timer = nil
            repeatNow()
            scheduleRepetition()
        }
    }

    private func endRepetition(_ isLast: Bool) {
        let incidents = resolvedMeanwhile.filter { active[Key($0)] == nil }
        if isLast {
            isRepeating = false
            resolvedMeanwhile = []
        }
        postResolved(incidents)
    }

    // MARK: Recovery

    /// Records a change of state of any process.
    func note(_ change: ProcessStateChange, _ name: EventName) {
        let process = change.process
        if let run = stabilizing.removeValue(forKey: process) { loop.cancel(run.timer) }
        running[process] = nil
        if name == .processStateRunning { seeRunning(process) }
    }

    /// Records that a process is RUNNING, and starts its stability period.
    func seeRunning(_ process: ProcessName) {
        guard stabilizing[process] == nil else { return }
        let begin = Timestamp.now
        let timer = loop.after(stabilityPeriod) { [weak self] in self?.pass(process, since: begin) }
        stabilizing[process] = Run(begin: begin, timer: timer)
    }

    private func pass(_ process: ProcessName, since begin: Timestamp) {
        stabilizing[process] = nil
        running[process] = begin
        resolve { Self.ended.contains($0) && $1?.matches(process) == true }
    }

    /// Sends the resolution of failed checks of a site.
    ///
    /// - Parameters:
    ///   - check: The check.
    ///   - isOver: Whether the alert with this process is resolved; nil is the one without a
    ///     process.
    func resolve(_ check: Incident.Check, of isOver: (ProcessName?) -> Bool = { _ in true }) {
        resolve(where: { $0.kind == .unhealthy && $0.check == check && isOver($0.process) })
    }

    /// Sends the resolution of incidents.
    ///
    /// - Parameter isOver: Whether an incident is resolved.
    func resolve(_ isOver: (Incident.Kind, ProcessName?) -> Bool) {
        resolve(where: { isOver($0.kind, $0.process) })
    }

    private func resolve(where isOver: (Key) -> Bool) {
        let over = active.filter { isOver($0.key) }
        guard !over.isEmpty else { return }
        for (key, alert) in over {
            active[key] = nil
            if let key = alert.key { spool?.remove(key) }
        }
        let incidents = over.values.map(\.incident)
        if isRepeating { resolvedMeanwhile += incidents }
        postResolved(incidents)
    }

    private func postResolved(_ incidents: [Incident]) {
        guard !incidents.isEmpty else { return }
        let time = Timestamp.now
        let recoveries = incidents.map { Self.recovery(from: $0, at: time) }
        let message = recoveries.map(\.message).joined(separator: "\n")
        post(Alert(subject: message, body: message, time: time, incidents: recoveries))
    }

    /// Kinds that are resolved when the process is RUNNING again.
    private static let ended: Set<Incident.Kind> = [.exited, .fatal]

    /// Kinds that stay active until something changes.
    private static let lasting: Set<Incident.Kind> = [
        .exited, .fatal, .unhealthy, .memory, .gaveUp,
    ]

    /// The resolution must have the same labels as the alert.
    private static func recovery(from incident: Incident, at time: Timestamp) -> Incident {
        var known = Diagnostics(host: incident.diagnostics?.host)
        known.supervisor = incident.diagnostics?.supervisor
        var recovery = Incident(
            .recovered, at: time, to: incident.process, pid: incident.pid,
            fromState: incident.fromState, message: "", diagnostics: known,
            header: incident.header,
            recovery: Incident.Recovery(of: incident.kind, since: incident.start))
        recovery.check = incident.check
        recovery.notice = incident.notice
        recovery.message = recovery.summary
        return recovery
    }
}

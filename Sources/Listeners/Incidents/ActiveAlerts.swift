// The alerts that are active, for services that track resolution.

internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import System

/// The alerts that are active, for services that track resolution: repeats them until they are
/// resolved, and reports that.
///
/// Alertmanager keeps no alerts over a restart, and ends those that are not repeated.
///
/// A process must have been RUNNING for a while: Alertmanager waits before it tells of an alert,
/// and would never tell of one that is over by then, such as the crash of a program that is started
/// again at once.
final class ActiveAlerts {
    /// What is wrong with whom.
    private struct Key: Hashable {
        let kind: Incident.Kind
        let process: ProcessName?

        init(_ incident: Incident) {
            kind = incident.kind
            process = incident.process
        }
    }

    private struct Firing {
        let incident: Incident
        /// Where it is kept for the next run.
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
    private var firing: [Key: Firing] = [:]
    private var timer: PollLoop.Timer?
    private var isRepeating = false
    /// What was resolved while it was being repeated, which may have brought it back.
    private var resolvedMeanwhile: [Incident] = []
    /// Processes that have been RUNNING for less than the stabilityPeriod.
    private var stabilizing: [ProcessName: Run] = [:]
    /// Since when the others are RUNNING, of which a later alert may tell.
    private var running: [ProcessName: Timestamp] = [:]

    /// Makes a watch.
    ///
    /// - Parameters:
    ///   - loop: The program's one wait.
    ///   - stabilityPeriod: How long a process must have been RUNNING.
    ///   - spool: Where it is remembered over the end of the program.
    ///   - interval: How often active alerts are repeated.
    ///   - post: Sends what is resolved.
    ///   - resend: Repeats an alert, and calls back whenever an attempt has ended, with whether it
    ///     was the last one.
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

    /// Takes over what an earlier run has told.
    func restore(_ incident: Incident, _ key: Spool.Key) {
        if firing[Key(incident)] == nil {
            firing[Key(incident)] = Firing(incident: incident, key: key)
            scheduleRepetition()
        } else {
            spool?.remove(key)
        }
    }

    /// The processes of which was told that they died or could not be started.
    var downProcesses: Set<ProcessName> {
        Set(firing.keys.filter { Self.ended.contains($0.kind) }.compactMap(\.process))
    }

    /// Notes an alert that goes out.
    func note(_ alert: Alert) {
        for incident in alert.incidents where Self.lasting.contains(incident.kind) {
            let key = Key(incident)
            keep(incident, as: key)
            // A batch tells of what may be over already.
            guard
                let process = incident.process,
                let begin = running[process], begin >= incident.time
            else { continue }
            resolve { $0 == key.kind && $1?.matches(process) == true }
        }
    }

    /// The latest incident is repeated, and counts for its age.
    private func keep(_ incident: Incident, as key: Key) {
        if let known = firing[key] {
            guard incident.time > known.incident.time else { return }
            if let kept = known.key { spool?.replace(kept, by: .firing(incident)) }
            firing[key] = Firing(incident: incident, key: known.key)
        } else {
            firing[key] = Firing(incident: incident, key: spool?.keep(.firing(incident)))
            scheduleRepetition()
        }
    }

    // MARK: Repetition

    /// Repeats what is active, and forgets what is too old.
    func repeatNow() {
        let now = Timestamp.now
        for (key, old) in firing where !old.incident.isActive(at: now) {
            firing[key] = nil
            if let kept = old.key { spool?.remove(kept) }
        }
        let incidents = firing.values.map(\.incident).sorted { $0.time < $1.time }
        guard !incidents.isEmpty else { return }
        let message = incidents.map(\.summary).joined(separator: "\n")
        isRepeating = true
        resend(Alert(subject: nil, body: message, time: now, incidents: incidents)) {
            [weak self] isLast in self?.endRepetition(isLast)
        }
    }

    private func scheduleRepetition() {
        guard timer == nil, !firing.isEmpty else { return }
        timer = loop.after(interval) { [weak self] in
            guard let self else { return }
            timer = nil
            repeatNow()
            scheduleRepetition()
        }
    }

    private func endRepetition(_ isLast: Bool) {
        let incidents = resolvedMeanwhile.filter { firing[Key($0)] == nil }
        if isLast {
            isRepeating = false
            resolvedMeanwhile = []
        }
        postResolved(incidents)
    }

    // MARK: Recovery

    /// Notes a change of state, of any process.
    func note(_ change: ProcessStateChange, _ name: EventName) {
        let process = change.process
        if let run = stabilizing.removeValue(forKey: process) { loop.cancel(run.timer) }
        running[process] = nil
        if name == .processStateRunning { seeRunning(process) }
    }

    /// Notes that a process is RUNNING, and begins to count how long.
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

    /// Tells that something is over.
    ///
    /// - Parameter isOver: Says of what was told whether it is over.
    func resolve(_ isOver: (Incident.Kind, ProcessName?) -> Bool) {
        let over = firing.filter { isOver($0.key.kind, $0.key.process) }
        guard !over.isEmpty else { return }
        for (key, told) in over {
            firing[key] = nil
            if let key = told.key { spool?.remove(key) }
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

    /// What is over when the process runs again.
    private static let ended: Set<Incident.Kind> = [.exited, .fatal]

    /// What lasts until something changes.
    private static let lasting: Set<Incident.Kind> = [
        .exited, .fatal, .unhealthy, .memory, .gaveUp,
    ]

    /// The same labels tell that it is resolved.
    private static func recovery(from incident: Incident, at time: Timestamp) -> Incident {
        var known = Diagnostics(host: incident.diagnostics?.host)
        known.supervisor = incident.diagnostics?.supervisor
        var recovery = Incident(
            .recovered, at: time, to: incident.process, pid: incident.pid,
            fromState: incident.fromState, message: "", diagnostics: known,
            header: incident.header,
            recovery: Incident.Recovery(of: incident.kind, since: incident.time))
        recovery.check = incident.check
        recovery.message = recovery.summary
        return recovery
    }
}

// Remembers what was told, so that those who keep it can be told when it is over.

internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import System

/// Remembers what was told, so that those who keep what is wrong can be told when it is over.
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
    private let post: (Alert) -> Void
    private var firing: [Key: Firing] = [:]
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
    ///   - post: Tells those who keep what is wrong.
    init(
        loop: PollLoop, stabilityPeriod: Duration = .seconds(60), spool: Spool? = nil,
        post: @escaping (Alert) -> Void
    ) {
        self.loop = loop
        self.stabilityPeriod = stabilityPeriod
        self.spool = spool
        self.post = post
    }

    /// Takes over what an earlier run has told.
    func restore(_ incident: Incident, _ key: Spool.Key) {
        if firing[Key(incident)] == nil {
            firing[Key(incident)] = Firing(incident: incident, key: key)
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
            if firing[key] == nil {
                let kept = Self.outline(of: incident)
                firing[key] = Firing(incident: kept, key: spool?.keep(.firing(kept)))
            }
            // A batch tells of what may be over already.
            guard
                let process = incident.process,
                let begin = running[process], begin >= incident.time
            else { continue }
            resolve { $0 == key.kind && $1 == process }
        }
    }

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
        resolve { Self.ended.contains($0) && $1 == process }
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
        let time = Timestamp.now
        let incidents = over.values.map { Self.recovery(from: $0.incident, at: time) }
        let message = incidents.map(\.message).joined(separator: "\n")
        post(Alert(subject: message, body: message, time: time, incidents: incidents))
    }

    /// What is over when the process runs again.
    private static let ended: Set<Incident.Kind> = [.exited, .fatal]

    /// What lasts until something changes.
    private static let lasting: Set<Incident.Kind> = [
        .exited, .fatal, .unhealthy, .memory, .gaveUp,
    ]

    /// What is needed of an incident to tell that it is over.
    private static func outline(of incident: Incident) -> Incident {
        var known = Diagnostics(host: incident.diagnostics?.host)
        known.supervisor = incident.diagnostics?.supervisor
        return Incident(
            incident.kind, at: incident.time, to: incident.process, pid: incident.pid,
            fromState: incident.fromState, message: incident.message, diagnostics: known,
            header: incident.header)
    }

    private static func recovery(from incident: Incident, at time: Timestamp) -> Incident {
        Incident(
            .recovered, at: time, to: incident.process, pid: incident.pid,
            fromState: incident.fromState, message: "over: \(incident.message)",
            diagnostics: incident.diagnostics, header: incident.header,
            recovery: Incident.Recovery(of: incident.kind, since: incident.time))
    }
}

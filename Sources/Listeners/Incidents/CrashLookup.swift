internal import Alerting
internal import ListenerProtocol
internal import SupervisorRPC
internal import System
internal import Text

/// Determines why one process died, and its current state.
///
/// Runs in a worker.
struct CrashLookup {
    private let incident: DiagnosisCase
    private let info: SupervisedProcess
    private let sources: DiagnosisSources
    /// When it was started since; nil if unknown.
    private let starts: [Timestamp]?
    /// When it was started and died, according to supervisord's log; nil if unknown.
    private let life: SupervisordLog.Life?

    /// supervisord's spawn error for a process that ran, but not long enough.
    private static let tooQuickly = "Exited too quickly"

    /// The usual delay of an event in seconds, at most; supervisord's times are whole seconds.
    private static let delay = 2

    /// Creates a lookup.
    ///
    /// - Parameters:
    ///   - incident: The incident.
    ///   - info: The current data of the process.
    ///   - sources: The data shared with other inquiries.
    init(_ incident: DiagnosisCase, _ info: SupervisedProcess, sources: DiagnosisSources) {
        self.incident = incident
        self.info = info
        self.sources = sources
        let log = incident.hasUniqueName && !info.isFromGoSupervisord ? sources.log : nil
        starts = incident.pid.flatMap { pid in
            log?.restarts(of: incident.process.name, after: pid, before: incident.time)
        }
        life = incident.pid.flatMap { log?.life(of: incident.process.name, pid: $0) }
    }

    /// Determines how the process ended.
    func ending() -> Diagnostics {
        var found = Diagnostics()
        found.occurredAt = occurrence
        if !isRestarted { take(info, into: &found) }
        if info.isFromGoSupervisord {
            take(goHostEnd, into: &found)
        } else if incident.hasUniqueName {
            take(death, into: &found)
        }
        if found.exitStatus == 137 || found.signal?.containsText("SIGKILL") == true {
            found.oomKiller = OOMKiller.words(before: incident.killed, after: sources.killed)
        }
        return found
    }

    /// Determines its current state, if supervisord has had time to restart it.
    func aftermath() -> Diagnostics {
        var found = Diagnostics()
        // Immediately after a death, the state is not yet final.
        guard incident.isOld || Timestamp.now.since(incident.time) >= Aftermath.delay else {
            return found
        }
        let aftermath = Aftermath(
            info: info, time: incident.time.seconds, starts: starts?.count)
        found.state = aftermath.words
        return found
    }

    /// Whether supervisord has started it, and it exited before startsecs.
    private var hasExitedTooQuickly: Bool {
        info.spawnError.beginsExactly(with: Self.tooQuickly)
    }

    /// Reads the last lines of its logs.
    func logs(_ lineCount: Int, _ client: SupervisorClient) -> Diagnostics {
        var found = Diagnostics()
        LogStream.note(info, in: &found)
        // What could not even be started has written nothing.
        let hasRun =
            incident.kind != .fatal || info.spawnError.isEmpty
            || hasExitedTooQuickly
        guard hasRun else { return found }
        let end =
            isRestarted
            ? ProcessLog.End.mark(incident.span?.end(after: life?.end), before: starts?.first)
            : .present
        let begin =
            incident.span?.begin(started: started, life)
            ?? LogBegin(started: started, previous: nil, later: nil)
        ProcessLog(
            of: info, lines: lineCount, end: end, begin: begin, shared: incident.sharedLogs,
            client: client)?
            .fill(&found)
        return found
    }

    /// When the process was started, in seconds since 1970; nil if unknown.
    private var started: Int? {
        guard isRestarted else { return info.start }
        guard !info.isFromGoSupervisord, incident.hasUniqueName, let uptime = death?.uptime else {
            return nil
        }
        return incident.time.seconds - uptime
    }

    /// Whether the process was started again since.
    private var isRestarted: Bool {
        if let starts, !starts.isEmpty { return true }
        return info.pid != 0 || info.start > incident.time.seconds
            || (incident.kind == .exited && info.state == .backoff)
    }

    /// When the incident occurred, if its event was received late: supervisord buffers the events
    /// for a listener that is not running.
    private var occurrence: Timestamp? {
        guard !isRestarted, !info.isFromGoSupervisord, [.exited, .fatal].contains(info.state) else {
            return nil
        }
        let time = max(info.start, info.stop)
        guard time > 0, incident.time.seconds.subtractingSaturated(time) > Self.delay else {
            return nil
        }
        return Timestamp(seconds: time)
    }

    // MARK: How it ended

    /// Uses the data of the RPC.
    private func take(_ info: SupervisedProcess, into found: inout Diagnostics) {
        switch info.state {
        case .exited where info.exitStatus >= 0: found.exitStatus = info.exitStatus
        // The RPC has no details; supervisord's log may.
        case .exited: found.signal = "killed by a signal"
        // The Go implementation never includes a reason.
        case .fatal, .backoff: found.spawnError = info.spawnError.isEmpty ? nil : info.spawnError
        default: break
        }
        if info.state == .exited && info.stop >= info.start {
            found.uptime = info.stop.subtractingSaturated(info.start)
        }
    }

    /// The end of the process in supervisord's log.
    private var death: SupervisordLog.Death? {
        let name = incident.process.name
        guard let log = sources.log else { return nil }
        if incident.kind == .fatal {
            // A process that never ran has no status.
            let hasRun = !isRestarted && hasExitedTooQuickly
            return hasRun ? log.deathBeforeFatal(of: name) : nil
        }
        guard let pid = incident.pid else { return nil }
        return log.death(of: name, pid: pid) ?? log.onlyDeath(of: name, before: incident.time)
    }

    private func take(_ death: SupervisordLog.Death?, into found: inout Diagnostics) {
        guard let death else { return }
        if let status = death.exitStatus { found.exitStatus = status }
        if let signal = death.signal { found.signal = "\(signal), according to supervisord's log" }
        if let uptime = death.uptime { found.uptime = uptime }
    }

    private var goHostEnd: GoHostLog.End? {
        let time = incident.time.seconds
        // The next process has a start time of its own, which may be the same second.
        let earliest = isRestarted ? time - 1 : info.start
        return sources.goHostLog?.end(
            of: incident.process.name, during: earliest...max(earliest, time + 1))
    }

    private func take(_ end: GoHostLog.End?, into found: inout Diagnostics) {
        guard let end else { return }
        if let status = end.exitStatus { found.exitStatus = status }
        if let signal = end.signal { found.signal = "\(signal), according to supervisord's log" }
    }
}

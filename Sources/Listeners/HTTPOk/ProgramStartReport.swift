internal import Alerting
internal import EventLoop
internal import Glibc
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// Reports the start of a program that had failed by itself (`-x`).
///
/// Runs in a worker.
final class ProgramStartReport: RestartReport {
    private let process: ProcessName
    private let state: ProcessState
    private let options: HTTPOkOptions
    private let client: SupervisorClient
    private let log: Log
    private let previous: LogBegin.Mark?
    private var diagnostics = Diagnostics()

    init(
        of process: ProcessName, in state: ProcessState, options: HTTPOkOptions,
        client: SupervisorClient, log: Log, after previous: LogBegin.Mark?
    ) {
        self.process = process
        self.state = state
        self.options = options
        self.client = client
        self.log = log
        self.previous = previous
    }

    func isHealthy() -> Bool { false }

    func collectEvidence(_ info: SupervisedProcess) {
        diagnostics = context.diagnostics()
        ProcessLog(of: info, lines: options.logLines, previous: previous, client: client)?
            .fill(&diagnostics)
    }

    func evidence() -> Diagnostics {
        var found = context.diagnostics(of: process)
        guard let info = try? client.getProcessInfo(process.qualifiedName) else { return found }
        // Why it is down: each state has one of both.
        switch info.state {
        case .fatal: found.spawnError = info.spawnError.isEmpty ? nil : info.spawnError
        case .exited: found.exitStatus = info.exitStatus
        default: break
        }
        return found
    }

    private var context: ProcessContext {
        ProcessContext(client: client, lineCount: options.logLines, previous: previous)
    }

    func willAct(_ act: RestartStep) {
        log.write(.info, "\(process) is in \(state.name) state, starting")
    }

    func startsAfterRefusedStop(_ reason: String) -> Bool { false }

    func finish(_ outcome: RestartOutcome) {
        switch outcome {
        case .restarted: report(.info, "\(process) started", "started", now: "started")
        case .startFailed(let reason):
            // supervisord's fault has no more than the name of the process.
            diagnostics.spawnError = spawnError()
            let cause = diagnostics.causeWords ?? reason
            report(
                .warning,
                HTTPOkMessages.startFailed(process, reason), "could not be started",
                because: cause, now: "\(RestartOutcome.downWords): \(cause)")
        case .dryRun:
            report(
                .info, "\(process) not started: dry run", "not started", now: "not started: dry run"
            )
        case .stopped, .alreadyStarted, .stopFailed, .outdated, .prevented, .shutdown, .recovered,
            .postponed:
            break
        }
    }

    func finishLate() {}

    /// Why supervisord could not start the program; nil if that is not known.
    private func spawnError() -> String? {
        for look in 0..<Self.looks {
            if look > 0 { usleep(Self.pause) }
            guard let info = try? client.getProcessInfo(process.qualifiedName) else { return nil }
            if !info.spawnError.isEmpty { return info.spawnError }
            // supervisord clears it as it tries again.
            guard [.starting, .backoff].contains(info.state) else { return nil }
        }
        return nil
    }

    /// How often to look for the reason, with a pause in microseconds.
    private static let looks = 8
    private static let pause: useconds_t = 250_000

    private func report(
        _ level: Log.Level, _ text: String, _ predicate: String, because cause: String? = nil,
        now: String
    ) {
        log.write(level, text)
        let message = "\(process) was in \(state.name) state\n\(text)"
        var incident = Incident(
            .other, at: .now, to: process, message: message, diagnostics: diagnostics)
        (incident.predicate, incident.reason) = (predicate, cause ?? "it was \(state.name)")
        incident.diagnostics?.state = now
        AlertRecord(
            Alert(
                subject: options.title(text), body: incident.text, time: .now,
                incidents: [incident])
        ).write()
    }
}

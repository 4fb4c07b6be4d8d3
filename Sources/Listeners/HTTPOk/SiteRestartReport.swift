internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// Reports a restart because of a failed check, line by line to the log and to the alert.
///
/// Runs in a worker.
final class SiteRestartReport: RestartReport {
    /// A line of the alert, or more, that is also logged.
    struct Line: WorkerRecord {
        static let recordName = "line"

        let text: String

        var fields: [String] { [text] }

        init(_ text: String) {
            self.text = text
        }

        init?(fields: [String]) {
            guard fields.count == 1 else { return nil }
            text = fields[0]
        }
    }

    private let process: ProcessName
    private let url: String
    private let options: HTTPOkOptions
    private let client: SupervisorClient
    private let log: Log
    private let previous: LogBegin.Mark?
    private let checkAgain: () -> Bool
    private var isStopRefused = false
    private var hasEvidence = false

    /// Prepares a report.
    ///
    /// - Parameters:
    ///   - process: The process.
    ///   - url: The site, without credentials.
    ///   - options: The options of httpok.
    ///   - client: The connection to supervisord.
    ///   - log: The log.
    ///   - previous: The ends of the process's logs when it was started; nil if unknown.
    ///   - checkAgain: Whether all sites of the process are healthy by now.
    init(
        of process: ProcessName, url: String, options: HTTPOkOptions, client: SupervisorClient,
        log: Log, after previous: LogBegin.Mark?, checkAgain: @escaping () -> Bool
    ) {
        self.process = process
        self.url = url
        self.options = options
        self.client = client
        self.log = log
        self.previous = previous
        self.checkAgain = checkAgain
    }

    func isHealthy() -> Bool { checkAgain() }

    func collectEvidence(_ info: SupervisedProcess) {
        // The end of its log must be read before the new process writes to it.
        hasEvidence = true
        ProcessLogRecord.write(of: info, lines: options.logLines, after: previous, client: client)
        if let dump = options.coreDump, !options.policy.isDryRun {
            add(.info, HTTPOkMessages.coreDump(of: process, dump.make(of: process, pid: info.pid)))
        }
    }

    func evidence() -> Diagnostics {
        context.diagnostics(of: process)
    }

    private var context: ProcessContext {
        ProcessContext(client: client, lineCount: options.logLines, previous: previous)
    }

    func willAct(_ act: RestartStep) {
        switch act {
        case .restart: add(.info, HTTPOkMessages.restarting(process))
        case .stop: add(.info, "\(process) is in RUNNING state, stopping")
        case .start: break
        }
    }

    func startsAfterRefusedStop(_ reason: String) -> Bool {
        isStopRefused = true
        add(.warning, HTTPOkMessages.stopFailed(process, reason))
        return true
    }

    func finish(_ outcome: RestartOutcome) {
        if outcome == .restarted, !hasEvidence {
            // It ended by itself after the presignal, and supervisord has restarted it.
            context.lateLog(of: process).map(ProcessLogRecord.init)?.write()
        }
        switch outcome {
        case .restarted, .alreadyStarted(_, wasStopped: true):
            add(.info, HTTPOkMessages.restarted(process))
        case .stopped:
            add(.info, "\(process) stopped")
        case .startFailed(let reason), .alreadyStarted(let reason, wasStopped: false):
            add(.warning, HTTPOkMessages.startFailed(process, reason))
        case .stopFailed(let reason, nil):
            add(.warning, HTTPOkMessages.stopUnknown(process, reason))
        case .stopFailed(let reason, _):
            if !isStopRefused { add(.warning, HTTPOkMessages.stopFailed(process, reason)) }
        case .dryRun:
            // The queue logs it.
            Line("\(process) is not restarted: dry run").write()
        case .shutdown: break
        case .outdated(let reason), .prevented(let reason):
            Line("\(process) is not restarted: \(reason)").write()
        case .recovered:
            Line("\(process) is not restarted: it is healthy again").write()
        case .postponed:
            Line("\(process) is not restarted: \(HoldReason.postponed)").write()
        }
    }

    func finishLate() {
        let alert = LateStart(process: process).alert { options.title("\(url): \($0)") }
        AlertRecord(alert).write()
    }

    private func add(_ level: Log.Level, _ line: String) {
        log.write(level, line)
        Line(line).write()
    }
}

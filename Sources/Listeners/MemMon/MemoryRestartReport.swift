internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// Reports the restart of a process that exceeds its memory limit.
///
/// Runs in a worker.
final class MemoryRestartReport: RestartReport {
    private let violation: LimitViolation
    /// Its memory at the last ticks.
    private let samples: [MemoryHistory.Sample]
    private let client: SupervisorClient
    private let options: MemMonOptions
    private let log: Log
    private let outlook: RetryOutlook
    private let previous: LogBegin.Mark?
    private let others: () -> [LimitViolation]
    private var collected: Diagnostics?

    /// Prepares a report.
    ///
    /// - Parameters:
    ///   - violation: The exceeded limit.
    ///   - samples: The memory of the process at the last ticks.
    ///   - client: The connection to supervisord.
    ///   - options: The options of memmon.
    ///   - log: The log.
    ///   - outlook: Who retries it next.
    ///   - previous: The ends of the process's logs when it was started; nil if unknown.
    ///   - others: All limits that the process exceeds when its restart begins.
    init(
        violation: LimitViolation, samples: [MemoryHistory.Sample], client: SupervisorClient,
        options: MemMonOptions, log: Log, outlook: RetryOutlook,
        after previous: LogBegin.Mark?, others: @escaping () -> [LimitViolation]
    ) {
        self.violation = violation
        self.samples = samples
        self.client = client
        self.options = options
        self.log = log
        self.outlook = outlook
        self.previous = previous
        self.others = others
    }

    private var name: String { violation.process.qualifiedName }

    func isHealthy() -> Bool {
        let reader = MemoryReader(options.measure, isCumulative: options.isCumulative)
        return ([violation] + others()).allSatisfy { isWithin($0, reader) }
    }

    /// Whether a limit is no longer exceeded.
    private func isWithin(_ violation: LimitViolation, _ reader: MemoryReader) -> Bool {
        let pids = violation.total == nil ? [violation.pid] : violation.members
        let sizes = pids.compactMap { pid in
            reader.resident(pid).map { reader.reading(pid, resident: $0, above: 0).size }
        }
        guard !sizes.isEmpty else { return false }
        return sizes.reduce(0) { $0.addingSaturated($1) } <= violation.limit
    }

    func collectEvidence(_ info: SupervisedProcess) {
        // The end of its log must be read before the new process writes to it.
        collected = diagnostics(
            ProcessLog(of: info, lines: options.logLines, previous: previous, client: client))
    }

    func evidence() -> Diagnostics { diagnostics(context.log(of: violation.process)) }

    func willAct(_ act: RestartStep) {
        log.write(.info, MemMonMessages.acting(act, on: name))
    }

    func startsAfterRefusedStop(_ reason: String) -> Bool { false }

    func finish(_ outcome: RestartOutcome) {
        switch outcome {
        case .restarted, .alreadyStarted:
            if violation.uptime <= options.uptime { reportRestart() }
        case .stopped:
            report(MemMonMessages.stopped(name, reason), predicate: "stopped", outcome)
        case .dryRun:
            report(MemMonMessages.notRestarted(name, reason), predicate: "not restarted", outcome)
        case .stopFailed(let error, nil):
            // It may be down: whether it is has to be seen once supervisord responds again.
            fail(
                MemMonMessages.stopUnknown(name, size, error), predicate: "may have stopped",
                outcome)
        case .stopFailed(let error, _):
            fail(
                MemMonMessages.stopFailed(
                    name, size, error, isRetried: outlook.retry == .listener),
                predicate: "could not be stopped", outcome)
        case .startFailed(let error):
            fail(
                MemMonMessages.startFailed(name, error, retry: outlook.retry),
                predicate: "could not be started again", outcome)
        case .outdated, .prevented, .shutdown, .recovered, .postponed:
            break
        }
    }

    func finishLate() {
        collected = nil
        reportRestart(LateStart.predicate)
    }

    /// Its memory, as logged.
    private var size: String { "\(violation.measure.label) \(violation.size)" }

    /// The limits that it exceeds: the one that led to the restart first.
    private lazy var violations: [LimitViolation] =
        [violation] + others().filter { ($0.total == nil) != (violation.total == nil) }.prefix(1)

    private var reason: String {
        "at \(Timestamp.now.asctimeWithZone) because "
            + violations.map(MemMonMessages.reason).joined(separator: ", and ")
    }

    private func reportRestart(_ predicate: String = "restarted") {
        report(MemMonMessages.restarted(name, reason), predicate: predicate, .restarted)
    }

    private func fail(
        _ text: MemMonMessages.Text, predicate: String, _ outcome: RestartOutcome
    ) {
        log.write(.warning, text.message)
        report(text, predicate: predicate, outcome)
    }

    private func report(
        _ text: MemMonMessages.Text, predicate: String, _ outcome: RestartOutcome
    ) {
        let time = Timestamp.now
        var incident = Incident(
            .memory, at: time, to: violation.process, pid: violation.pid, message: text.message,
            // If it was not collected in time, the process has been restarted since.
            diagnostics: collected ?? diagnostics(context.lateLog(of: violation.process)))
        incident.predicate = predicate
        incident.reason = violations.map(\.cause).joined(separator: ", and ")
        incident.diagnostics?.state = outcome.state(after: "memmon", retry: outlook.retry)
        AlertRecord(
            Alert(
                subject: options.title(text.subject), body: incident.text, time: time,
                incidents: [incident])
        ).write()
    }

    private var context: ProcessContext {
        ProcessContext(client: client, lineCount: options.logLines, previous: previous)
    }

    private func diagnostics(_ tail: ProcessLog?) -> Diagnostics {
        var diagnostics = context.diagnostics()
        diagnostics.uptime = violation.uptime
        diagnostics.memory = LimitViolation.sizes(of: violations)
        let limit = violation.total == nil ? violation.hardLimit ?? violation.limit : nil
        let chart = MemoryChart.text(samples, limit: limit, measure: violation.measure)
        diagnostics.sections = [chart, violation.holders].compactMap { $0 }.filter { !$0.isEmpty }
        tail?.fill(&diagnostics)
        return diagnostics
    }
}

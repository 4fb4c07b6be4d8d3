internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// Restarts processes that use too much memory.
///
/// On each tick a worker measures all processes. The listener decides about those over their limit,
/// and a ``RestartQueue`` carries out the decisions.
final class MemMonListener: Listener {
    private unowned let runtime: Runtime
    private let options: MemMonOptions
    private let client: SupervisorClient
    private let own: ProcessName?
    private let queue: RestartQueue
    private var outages: OutageLog
    private var isChecking = false
    private var history = MemoryHistory()

    /// What the one check is called.
    private static let check = "memory"

    /// Creates the listener.
    ///
    /// - Parameters:
    ///   - options: The command line.
    ///   - own: The listener's own name.
    ///   - client: The connection to supervisord.
    ///   - runtime: The runtime, which outlives the listener.
    init(
        _ options: MemMonOptions, own: ProcessName?, _ client: SupervisorClient, _ runtime: Runtime
    ) {
        self.options = options
        self.runtime = runtime
        self.client = client
        self.own = own
        outages = OutageLog(runtime.log)
        queue = RestartQueue(
            options.policy, own: own, client: client, runtime: runtime, kind: .memory,
            title: options.title)
        guard options.limits.isEmpty else { return }
        runtime.log.report("no limit is given, so that nothing is watched: add -p, -g or -a")
    }

    func restore(restarts records: [[String]]) { queue.restore(records) }

    func finish(completion: @escaping () -> Void) {
        queue.finish()
        completion()
    }

    func handle(_ content: EventContent, of name: EventName) {
        switch content {
        case .tick where !options.limits.isEmpty:
            queue.tick()
            check()
        case .processState(let change):
            queue.note(change, name)
        default:
            break
        }
    }

    /// Checks all processes, unless a check is running: ticks that arrive meanwhile are ignored.
    private func check() {
        guard !isChecking else { return }
        isChecking = true
        let begin = Instant.now
        let check = MemoryCheck(
            client: client, limits: options.limits, isCumulative: options.isCumulative, own: own,
            silenceFile: options.policy.silenceFile, log: runtime.log)
        runtime.workers.run(deadline: .seconds(60), endsWithProgram: true) {
            check.run()
        } completion: { [unowned self] records in
            isChecking = false
            if let failure = records.first(CheckFailure.self) {
                return outages.begin(failure.check, failure.text)
            }
            outages.end(MemoryCheck.failure)
            queue.note(records.first(SilenceRecord.self))
            history.note(records.all(MemorySample.self), at: .now)
            decide(records, begin)
            noteRecoveries(records)
            queue.startNext()
        }
    }

    // MARK: Deciding

    private func decide(_ records: WorkerRecords, _ begin: Instant) {
        let violations = Dictionary(
            records.all(LimitViolation.self).map { ($0.process, $0) }, uniquingKeysWith: { $1 })
        let measured = Set(records.all(MemorySample.self).map(\.process))
        let processes = records.all(ObservedProcess.self)
        let known = Set(processes.map(\.process))
        if !known.isEmpty { queue.keep(known.contains) }
        for process in processes {
            if let violation = violations[process.process] {
                decide(process, violation, begin)
            } else if measured.contains(process.process) {
                queue.pass(process.observation(Self.check, .healthy, begin: begin))
            } else {
                queue.see(process.instance, process.state, begin: begin)
            }
        }
    }

    private func decide(
        _ process: ObservedProcess, _ violation: LimitViolation, _ begin: Instant
    ) {
        var observation = process.observation(
            Self.check, .unhealthy(violation.reason), begin: begin)
        observation.value = "\(violation.size)"
        observation.limit = "\(violation.limit)"
        _ = queue.decide(observation) { [options, client, history, log = runtime.log] in
            MemoryRestart(
                violation: violation, samples: history.samples(of: violation.pid), client: client,
                options: options, log: log)
        }
    }

    /// Processes that were reported and are below their limit again have recovered.
    private func noteRecoveries(_ records: WorkerRecords) {
        // Without a response of supervisord, nothing was measured.
        guard records.first(MemorySample.self) != nil else { return }
        let violations = Set(records.all(LimitViolation.self).map(\.process))
        runtime.alerts.activeAlerts?.resolve { kind, process in
            kind == .memory
                && process.map { violations.contains($0) || queue.isActing($0) } != true
        }
    }
}

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
    unowned let runtime: Runtime
    let options: MemMonOptions
    private let client: SupervisorClient
    private let own: ProcessName?
    let queue: RestartQueue
    private var outages: OutageLog
    private var isChecking = false
    private(set) var history = MemoryHistory()
    /// The processes that a warning was sent about.
    var warnings = MemoryWarnings()
    /// The limits that each process exceeds, by check: its own and its group's.
    private var violations: [ProcessName: [String: LimitViolation]] = [:]
    /// The measures that could not be read and were logged.
    private var faults: Set<Int32> = []
    /// What the last check has found; nil before the first one.
    private(set) var lastCheck: LastCheck?

    /// The names of the checks: the limit, the percentage at which to warn, and the limit of a
    /// group.
    static let check = "memory"
    static let softCheck = "memory-warning"
    static let totalCheck = "group-total"

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
        runtime.alerts.title = options.title
        runtime.alerts.presentState = { [unowned self] in presentState(of: $0) }
    }

    func restore(restarts records: [[String]]) { queue.restore(records) }

    func finish(completion: @escaping () -> Void) {
        completion()
    }

    func handle(_ content: EventContent, of name: EventName) {
        switch content {
        case .tick(let tick) where !options.limits.isEmpty:
            queue.tick(tick)
            queue.endEarlierAlerts(unless: options.limits.watches)
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
        var check = MemoryCheck(
            client: client, limits: options.limits, measure: options.measure,
            warning: options.warning, isCumulative: options.isCumulative, own: own,
            silenceFile: options.policy.silenceFile, log: runtime.log)
        runtime.workers.run(deadline: .seconds(60), endsWithProgram: true) {
            check.run()
        } completion: { [unowned self] records in
            isChecking = false
            if let failure = records.first(CheckFailure.self) {
                return outages.begin(failure.key, failure.text)
            }
            outages.end(MemoryCheck.failure)
            queue.note(records.first(SilenceRecord.self))
            note(records.first(MeasureFault.self))
            history.note(records.all(MemorySample.self), at: .now)
            decide(records, begin)
            noteRecoveries(records)
            queue.startNext()
        }
    }

    /// Logs once why the resident set is used.
    private func note(_ fault: MeasureFault?) {
        guard let fault, faults.insert(fault.code).inserted else { return }
        runtime.log.report(.warning, fault.text(options.measure))
    }

    // MARK: Deciding

    private func decide(_ records: WorkerRecords, _ begin: Instant) {
        self.violations = [:]
        let violations = Dictionary(
            records.all(LimitViolation.self).map { ($0.process, $0) }, uniquingKeysWith: { $1 })
        let samples = Dictionary(
            records.all(MemorySample.self).map { ($0.process, $0) }, uniquingKeysWith: { $1 })
        let processes = records.all(ObservedProcess.self)
        let known = Set(processes.map(\.process))
        // A worker that was killed, or not started, says nothing about the others.
        if records.first(ObservedProcess.End.self) != nil {
            if !known.isEmpty { queue.removeProcesses(unless: known.contains) }
            warnings.removeProcesses(unless: known.contains)
        }
        lastCheck = LastCheck(
            time: .now,
            states: Dictionary(processes.map { ($0.process, $0.state) }, uniquingKeysWith: { $1 }),
            overfull: Set(violations.values.filter { !$0.isSoft }.map(\.process)))
        for process in processes {
            if let sample = samples[process.process], let limit = sample.limit {
                decide(process, violations[process.process], begin)
                warn(process, violations[process.process], sample.compared, of: limit)
            } else {
                queue.see(process.instance, process.state, begin: begin)
            }
        }
        decide(records.all(GroupTotal.self), processes, samples, begin)
    }

    private func decide(
        _ process: ObservedProcess, _ violation: LimitViolation?, _ begin: Instant
    ) {
        let isHard = violation?.isSoft == false
        observe(process, Self.check, isHard ? violation : nil, begin)
        // Inside the restart window, the percentage is the limit.
        if options.warning != nil, options.policy.window != nil {
            observe(process, Self.softCheck, violation, begin)
        }
    }

    /// Passes on the result of a check: a violation or none.
    func observe(
        _ process: ObservedProcess, _ check: String, _ violation: LimitViolation?,
        _ begin: Instant
    ) {
        let health = violation.map { HealthStatus.unhealthy($0.reason) } ?? .healthy
        var observation = process.observation(check, health, begin: begin)
        observation.isOfGroup = check == Self.totalCheck
        guard let violation else { return queue.pass(observation) }
        // A warning alone is no reason to restart outside of the window.
        if check != Self.softCheck { violations[process.process, default: [:]][check] = violation }
        observation.value = "\(violation.total?.size ?? violation.size)"
        observation.limit = "\(violation.limit)"
        observation.ignoresWindow = options.warning != nil && check != Self.softCheck
        observation.isWarned = check == Self.softCheck
        _ = queue.decide(observation) {
            [
                unowned self, options, client, history, queue, log = runtime.log,
                outlook = runtime.outlook
            ] in
            MemoryRestartReport(
                violation: violation,
                samples: history.samples(of: violation.pid, by: violation.measure),
                client: client, options: options, log: log, outlook: outlook,
                after: queue.logEnds[process.process]
            ) { [unowned self] in
                violations[process.process].map { Array($0.values) } ?? []
            }
        }
    }

    /// Processes that were reported and are below their limit again have recovered; those that are
    /// down have not.
    private func noteRecoveries(_ records: WorkerRecords) {
        let states = Dictionary(
            records.all(ObservedProcess.self).map { ($0.process, $0.state) },
            uniquingKeysWith: { $1 })
        // The worker may have failed.
        guard !states.isEmpty, records.first(ObservedProcess.End.self) != nil else { return }
        let violations = Set(records.all(LimitViolation.self).filter { !$0.isSoft }.map(\.process))
        let overfull = Set(records.all(GroupTotal.self).filter(\.isOver).map(\.group))
        runtime.alerts.activeAlerts?.resolve(.memory) { [unowned self] process in
            guard let process else { return .recovered }
            // A warning is about what runs.
            let isWarned = warnings.contains(process) && states[process] == .running
            if violations.contains(process) || queue.isActing(process) || isWarned
                || overfull.contains(process.group)
            {
                return nil
            }
            return Self.end(in: states[process])
        }
    }

    /// Why an alert about a process that holds no memory over a limit no longer applies.
    ///
    /// - Parameter state: Its state; nil if it no longer exists.
    /// - Returns: The reason.
    private static func end(in state: ProcessState?) -> AlertEnd {
        switch state {
        case .running, .starting: .recovered
        case .stopped, .stopping: .settled(.stopped)
        case nil: .settled(.removed)
        case .exited, .backoff, .fatal, .unknown: .settled(.down)
        }
    }
}

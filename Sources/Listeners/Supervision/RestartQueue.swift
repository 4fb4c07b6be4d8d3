internal import Alerting
internal import EventLoop
internal import Glibc
internal import ListenerProtocol
internal import SupervisorRPC
internal import System
internal import Text

/// Decides about restarts with a ``RestartLedger``, and runs them in workers.
///
/// Tools restart only through this queue: it receives the results of checks, logs why a process is
/// left alone, alerts if restarts have not helped, and retries failed starts.
final class RestartQueue {
    private(set) var ledger: RestartLedger
    unowned let runtime: Runtime
    private let client: SupervisorClient
    private let pendingStarts: PendingStarts
    let kind: Incident.Kind
    private let reportsFailures: Bool
    let title: (String) -> String
    private var orders: [ProcessName: Order] = [:]
    private var silenceHistory: SilenceHistory
    /// The running restarts that have requested a stop.
    private var stopping: [ProcessName: PendingStartRecord] = [:]
    /// Those of `--action stop` that have requested a stop, each with the start time until then.
    private var stoppingForGood: [ProcessName: Int] = [:]
    /// Where the logs of processes ended when they were started here.
    private(set) var logEnds: [ProcessName: LogBegin.Mark] = [:]
    /// The states in the alerts that restarts do not help.
    private var givenUpStates: [ProcessName: String] = [:]
    private var savedKey: Spool.Key?
    private var saved = SavedState()

    /// A queued action: the process, its report, and the completions to call.
    private struct Order {
        var target: RestartTarget
        let report: any RestartReport
        let completion: (RestartOutcome, WorkerRecords) -> Void
    }

    /// What the next run needs.
    private struct SavedState: Equatable {
        /// The pending starts, including those of running restarts, as records.
        var starts: [[String]] = []
        var budgets: [ProcessName: RestartBudget] = [:]
        /// The processes that `--action stop` has stopped.
        var stops: [StoppedProcess] = []
        /// The alerts that restarts do not help.
        var alerts: [GivenUpAlert] = []
    }

    /// The timeout for a restart, whose steps have their own limits: a backstop, not a limit.
    private static let backstop = Duration.seconds(10_800)

    /// Creates a queue.
    ///
    /// - Parameters:
    ///   - policy: When to restart.
    ///   - own: The listener itself; it never acts on itself.
    ///   - client: The connection to supervisord.
    ///   - runtime: The runtime.
    ///   - kind: The kind of incident for failed checks.
    ///   - reportsFailures: Whether the tool itself sends the alert about a failed check after which
    ///     nothing is restarted.
    ///   - title: Adds the name of the tool to a subject.
    init(
        _ policy: RestartPolicy, own: ProcessName?, client: SupervisorClient, runtime: Runtime,
        kind: Incident.Kind, reportsFailures: Bool = false, title: @escaping (String) -> String
    ) {
        ledger = RestartLedger(policy)
        silenceHistory = SilenceHistory(path: policy.silenceFile ?? "")
        ledger.own = own
        self.client = client
        self.runtime = runtime
        self.kind = kind
        self.reportsFailures = reportsFailures
        self.title = title
        pendingStarts = PendingStarts(client: client)
        pendingStarts.onRequest = { [unowned self] process in
            ledger.noteRequestedStart(of: process, at: .now)
        }
        pendingStarts.onEnd = { [unowned self] process in
            ledger.settlePendingStart(process, at: .now)
            save()
            startNext()
        }
        runtime.monitoring?.watch(self)
        // Starts may still fail during the shutdown.
        runtime.onEnd = { [unowned self] in logPendingStarts() }
    }

    var policy: RestartPolicy { ledger.policy }

    // MARK: Observations

    /// Retries failed starts; called on each tick.
    func tick(_ tick: Tick) {
        ledger.noteTick(sent: tick.timestamp ?? Timestamp.now.seconds)
        pendingStarts.tick(runtime)
        endForgottenAlerts()
    }

    /// Records the content of the silence file.
    func note(_ record: SilenceRecord?) {
        guard let record else { return }
        ledger.silence = record.silence
        silenceHistory.note(record.silence, in: runtime.log)
    }

    /// Records a change of state, which may be caused by a person.
    func note(_ change: ProcessStateChange, _ name: EventName) {
        guard name == .processStateStarting else { return }
        switch change.fromState {
        case .stopped: ledger.noteStart(of: change.process, from: .stopped)
        case .fatal: ledger.noteStart(of: change.process, from: .fatal)
        default: return
        }
        resolve()
    }

    /// Decides about a process after a check.
    ///
    /// - Parameters:
    ///   - observation: The result of the check.
    ///   - report: The report of the restart, if there is one.
    ///   - completion: Called when the restart has ended.
    /// - Returns: The decision; ``startNext()`` carries it out.
    func decide(
        _ observation: Observation, report: () -> any RestartReport,
        completion: @escaping (RestartOutcome, WorkerRecords) -> Void = { _, _ in }
    ) -> Decision {
        let decision = ledger.decide(observation, at: .now)
        renewOrder(by: observation)
        reportOwedStop(of: observation.process, observation.state)
        return follow(decision, observation, report, completion: completion)
    }

    /// Gives the commands of a restart that waits the latest value: its reason is the latest, too.
    private func renewOrder(by observation: Observation) {
        let process = observation.process
        guard case .unhealthy = observation.health, isWaiting(process, for: observation.check)
        else { return }
        orders[process]?.target.value = observation.value
        orders[process]?.target.limit = observation.limit
    }

    /// Records that a process is healthy.
    func pass(_ observation: Observation) {
        guard ledger.decide(observation, at: .now) == .cancel else { return }
        cancel(observation.process)
    }

    /// Decides whether to start a process that has failed by itself.
    ///
    /// - Parameters:
    ///   - observation: Its state.
    ///   - report: Creates the report of the start.
    func decideStart(_ observation: Observation, report: () -> any RestartReport) {
        _ = follow(
            ledger.decideStart(observation, at: .now), observation, report, isStart: true)
    }

    /// Whether a change by a person would affect a decision.
    var isWatching: Bool {
        ledger.records.values.contains {
            !$0.budget.charges.isEmpty || $0.isStopped || $0.hold != nil
        } || !ledger.canaries.isEmpty
    }

    /// Whether a check began during the restart of a process, which may be why it failed.
    func isDisturbed(_ process: ProcessName, by begin: Instant) -> Bool {
        ledger.isDisturbed(process, by: begin)
    }

    /// Whether an action for a process is running.
    func isActing(_ process: ProcessName) -> Bool {
        ledger.records[process].map { $0.activity != .idle } ?? false
    }

    /// Whether a process was stopped and could not be started yet.
    func isStartPending(_ process: ProcessName) -> Bool {
        ledger.records[process]?.activity == .pendingStart
    }

    /// Whether `--action stop` has stopped a process, and it has not been started since.
    func isStopped(_ process: ProcessName) -> Bool {
        ledger.records[process]?.isStopped == true
    }

    /// Records the state in an alert that restarts do not help.
    func note(givenUp process: ProcessName, _ state: String?) { givenUpStates[process] = state }

    /// The state of a process that is not restarted, or is being restarted; nil if it is neither.
    func presentState(of process: ProcessName) -> String? {
        if ledger.givenUp.contains(process) {
            return givenUpStates[process] ?? "running, not restarted"
        }
        givenUpStates[process] = nil
        if isStopped(process) { return RestartOutcome.stopped.state(after: runtime.log.tool) }
        if isStartPending(process) { return "\(RestartOutcome.downWords), retrying" }
        return isActing(process) ? "being restarted" : nil
    }

    /// Whether an observation of a process is outdated: it is being restarted, or was since.
    func isUnsettled(_ process: ProcessName, since begin: Instant) -> Bool {
        ledger.isUnsettled(process, since: begin)
    }

    /// Records that the check of a process has no result.
    func noteUnknown(_ process: ProcessName) {
        ledger.noteUnknown(process)
    }

    /// Whether a process waits for its turn because of a check.
    func isWaiting(_ process: ProcessName, for check: String) -> Bool {
        ledger.isWaiting(process, for: check)
    }

    /// Returns whether a stop that an earlier run has requested must be reported, and marks it as
    /// reported.
    func takeOwedStop(of process: ProcessName, _ state: ProcessState) -> Bool {
        guard ledger.takeOwedStop(of: process, state) else { return false }
        save()
        return true
    }

    /// Whether alerts about a process are currently suppressed.
    func isSilenced(_ process: ProcessName) -> Bool {
        ledger.silence.end(for: process, at: .now) != nil
    }

    private func follow(
        _ decision: Decision, _ observation: Observation, _ report: () -> any RestartReport,
        isStart: Bool = false,
        completion: @escaping (RestartOutcome, WorkerRecords) -> Void = { _, _ in }
    ) -> Decision {
        let process = observation.process
        switch decision {
        case .act(let act):
            var reason = reason(of: process)
            if act == .start, case .unhealthy(let text) = observation.health { reason = text }
            let target = RestartTarget(
                process: process, act: act, start: observation.instance.start,
                pid: observation.pid, reason: reason,
                value: observation.value, limit: observation.limit)
            orders[process] = Order(
                target: target, report: report(), completion: completion)
        case .hold(let reason, let isNew, let isAlertDue):
            if isNew && !reason.isOriginal {
                runtime.log.report(
                    reason.level, "\(process) is not \(Self.verb(isStart)): \(reason)")
            }
            let hasReturned = reason.isGivenUp && ledger.takeReturn(of: reason.subject ?? process)
            let isReturn = hasReturned && !isAlertDue
            if isReturn || isAlertDue && (reason.isGivenUp || isStart || !reportsFailures) {
                alert(
                    process, reason, isLogged: isNew, isStart: isStart, isReturn: isReturn,
                    report())
                save()
            }
        case .cancel:
            cancel(process)
        case .nothing:
            break
        }
        return decision
    }

    /// Records that a check has passed for all its processes.
    func pass(_ check: String, begin: Instant) {
        for process in ledger.pass(check, begin: begin, at: .now) { cancel(process) }
        resolve()
    }

    /// Takes a process out of the queue that has recovered meanwhile.
    private func cancel(_ process: ProcessName) {
        logRecovery(of: process)
        withdraw(process, .recovered)
    }

    private func logRecovery(of process: ProcessName) {
        runtime.log.report(.info, "\(process) is not restarted: it is healthy again")
    }

    /// Completes an order that was not begun.
    private func withdraw(_ process: ProcessName, _ outcome: RestartOutcome) {
        guard let order = orders.removeValue(forKey: process) else { return }
        order.completion(outcome, WorkerRecords(lines: []))
    }

    /// Records the state of a process that is currently not checked.
    func see(_ instance: ProcessInstance, _ state: ProcessState, begin: Instant) {
        ledger.see(instance, state, begin: begin)
        reportOwedStop(of: instance.process, state)
    }

    /// The checks of an earlier run whose alerts that restarts do not help are active.
    var earlierChecks: Set<String> { ledger.earlierChecks }

    /// Forgets checks of an earlier run that this one does not make.
    func endEarlierChecks(_ checks: Set<String>) {
        ledger.endEarlierChecks(checks)
    }

    /// Resolves the alerts of an earlier run about processes that this one does not watch.
    func endEarlierAlerts(unless isWatched: (ProcessName) -> Bool) {
        ledger.endEarlierAlerts(unless: isWatched)
        resolve()
    }

    /// Removes the processes that no longer exist.
    func removeProcesses(unless isKnown: (ProcessName) -> Bool) {
        ledger.removeProcesses(unless: isKnown)
        logEnds = logEnds.filter { isKnown($0.key) }
    }

    // MARK: Acting

    /// Starts the restarts that are allowed now, and completes resolved ones.
    func startNext() {
        resolve()
        guard !runtime.isFinishing else { return withdrawAll() }
        for (process, act) in ledger.begin(at: .now) {
            guard var order = orders.removeValue(forKey: process) else {
                ledger.finish(process, .outdated("no check requires it"), at: .now)
                continue
            }
            // Further checks may have failed since the decision.
            if act != .start { order.target.reason = reason(of: process) }
            start(order)
        }
        // The ledger has dropped these because of a condition.
        for process in orders.keys where !ledger.waiting.contains(process) {
            withdraw(process, .outdated(ledger.takeWithdrawal(of: process)))
        }
    }

    /// Withdraws what has not begun before the program exits: the next run decides anew.
    private func withdrawAll() {
        for process in orders.keys.sorted(by: { $0.qualifiedName < $1.qualifiedName }) {
            let isStart = orders[process]?.target.act == .start
            ledger.drop(process)
            runtime.log.report(.info, "\(process) is not \(Self.verb(isStart)): \(Self.exiting)")
            withdraw(process, .outdated(Self.exiting))
        }
    }

    private static let exiting = "this listener is exiting"

    private func start(_ order: Order) {
        let listener = getpid()
        let job = self.job(order) { getppid() == listener }
        let process = order.target.process
        runtime.workers.run(deadline: Self.backstop, endsWithProgram: false) {
            let outcome = job.run()
            order.report.finish(outcome)
            RestartOutcomeRecord(process: process, outcome: outcome).write()
            // Otherwise the listener runs it, so that the alert and the group need not wait.
            if getppid() != listener { job.follow(outcome) }
            return 0
        } progress: { [unowned self] records in
            note(records.all(PendingStartRecord.self), of: process)
        } completion: { [unowned self] records in
            if let outcome = records.first(RestartOutcomeRecord.self)?.outcome {
                follow(outcome, job)
            }
            finish(order, records)
        }
    }

    /// Runs `--after` in a worker of its own.
    private func follow(_ outcome: RestartOutcome, _ job: RestartJob<SupervisorControl>) {
        guard job.isFollowed(outcome) else { return }
        runtime.workers.run(deadline: Self.backstop, endsWithProgram: false) {
            job.follow(outcome)
            return 0
        } completion: { _ in
        }
    }

    /// Records that a running restart stops its process, or has started it.
    private func note(_ records: [PendingStartRecord], of process: ProcessName) {
        for record in records {
            switch record.event {
            case .stopping(let start):
                stopping[process] = PendingStartRecord(
                    process: process, event: .seen(.stopping, start: start))
            case .stoppingForGood(let start): stoppingForGood[process] = start
            case .seen where stoppingForGood[process] != nil: break
            case .seen: stopping[process] = record
            case .settled:
                stopping[process] = nil
                stoppingForGood[process] = nil
            case .starting: break
            }
        }
        save()
    }

    private func job(
        _ order: Order, isWanted: @escaping () -> Bool
    ) -> RestartJob<SupervisorControl> {
        let report = order.report
        return RestartJob(
            target: order.target, policy: policy,
            control: SupervisorControl(client: client, log: runtime.log),
            isHealthy: report.isHealthy,
            obstacle: { [unowned self] in obstacle(to: order.target.process) },
            collectEvidence: report.collectEvidence,
            willAct: report.willAct, willStart: { LogEndRecord($0).write() },
            startsAfterRefusedStop: report.startsAfterRefusedStop,
            isWanted: isWanted, note: order.target.write)
    }

    /// Which condition no longer holds, after commands and signals that take time.
    ///
    /// Runs in a worker.
    private func obstacle(to process: ProcessName) -> HoldReason? {
        var ledger = ledger
        if let path = policy.silenceFile { ledger.silence = SilenceRecord(reading: path).silence }
        return ledger.obstacle(to: process, at: .now)
    }

    private func finish(_ order: Order, _ records: WorkerRecords) {
        let process = order.target.process
        for record in records.all(LogEndRecord.self) { logEnds[record.process] = record.mark }
        pendingStarts.note(records.all(PendingStartRecord.self)) { _ in order.report.finishLate() }
        let isPending = pendingStarts.all[process] != nil
        let outcome =
            records.first(RestartOutcomeRecord.self)?.outcome
            ?? .outdated(RestartOutcome.workerFailed)
        let former = ledger.records[process]?.formerHold
        ledger.finish(process, outcome, isPending: isPending, at: .now)
        stopping[process] = nil
        stoppingForGood[process] = nil
        self.report(order, outcome, after: former)
        save()
        order.completion(outcome, records)
        startNext()
    }

    private func report(
        _ order: Order, _ outcome: RestartOutcome, after former: HoldReason?
    ) {
        let process = order.target.process
        let isStart = order.target.act == .start
        switch outcome {
        case .outdated(let reason), .prevented(let reason):
            runtime.log.report(outcome.level, "\(process) is not \(Self.verb(isStart)): \(reason)")
        case .shutdown:
            runtime.log.report(
                .info,
                "\(process) is not \(Self.verb(isStart)): \(RestartOutcome.shutdownReason)")
        case .recovered: logRecovery(of: process)
        case .postponed:
            if former != .postponed {
                runtime.log.report(
                    .info,
                    "\(process) is not \(Self.verb(isStart)): \(HoldReason.postponed)")
            }
            if isStart || !reportsFailures, ledger.isPostponementDue(process, at: .now) {
                alert(process, .postponed, isLogged: true, isStart: isStart, order.report)
            }
        // The report of a start logs it.
        case .dryRun where isStart: break
        case .dryRun: runtime.log.report(.info, "\(process) is not restarted: dry run")
        case .restarted, .stopped, .alreadyStarted, .stopFailed, .startFailed: break
        }
    }

    private static func verb(_ isStart: Bool) -> String { isStart ? "started" : "restarted" }

    // MARK: Restarts of the listener

    /// Restores the state of an earlier run.
    func restore(_ records: [[String]]) {
        guard !policy.isDryRun else {
            // For the next run that acts.
            _ = runtime.spool?.keep(.restarts(records))
            return
        }
        ledger.restore(records, at: .now)
        let now = Moment.now
        for alert in records.compactMap({ GivenUpAlert(record: $0, at: now) }) {
            ledger.restore(alert, at: now)
        }
        for record in records.compactMap({ PendingStartRecord(fields: $0) }) {
            guard case .seen(let state, let start) = record.event else { continue }
            pendingStarts.restore(
                record.process, PendingStart.Sight(state: state, start: start)
            ) { [title] process in
                AlertRecord(LateStart(process: process).alert(title: title)).write()
            }
            ledger.restorePendingStart(record.process)
        }
        save()
    }

    /// Stores the state for the next run.
    private func save() {
        // What a dry run pretends is not done.
        guard let spool = runtime.spool, !policy.isDryRun else { return }
        let starts = pendingStarts.all.values.map { start in
            PendingStartRecord(
                process: start.process,
                event: .seen(start.lastSeen.state, start: start.lastSeen.start))
        }
        let state = SavedState(
            starts: (starts + stopping.values).map(\.fields)
                .sorted { $0.lexicographicallyPrecedes($1) },
            budgets: ledger.spentBudgets(
                stopping: Set(stopping.keys).union(stoppingForGood.keys)),
            stops: ledger.stoppedProcesses(stopping: stoppingForGood),
            alerts: ledger.givenUpAlerts)
        guard state != saved else { return }
        saved = state
        let now = Moment.now
        let records =
            state.starts + RestartLedger.records(state.budgets, at: now)
            + state.stops.map(\.record) + state.alerts.map { $0.record(at: now) }
        if records.isEmpty {
            if let key = savedKey { spool.remove(key) }
            savedKey = nil
        } else if let key = savedKey {
            spool.replace(key, by: .restarts(records))
        } else {
            savedKey = spool.keep(.restarts(records))
        }
    }

    /// Logs the pending starts that are not retried after this program exits.
    private func logPendingStarts() {
        guard runtime.spool == nil else { return }
        for process in pendingStarts.all.keys.sorted(by: { $0.qualifiedName < $1.qualifiedName }) {
            runtime.log.report(
                .warning,
                "exiting while \(process) is down: run 'supervisorctl start \(process)', or "
                    + "use --spool, so that the next run does")
        }
    }

    // MARK: Failures

    /// The latest failures of a process: the reason of each, and the text with its check.
    func failures(of process: ProcessName) -> [(reason: String, text: String)] {
        texts(of: ledger.records[process]?.failures ?? [:])
    }

    /// The failures after its restart of the process that is restarted first.
    func failures(ofFirst process: ProcessName) -> [(reason: String, text: String)] {
        texts(of: ledger.canaries[process.group]?.failures ?? [:])
    }

    private func texts(of failures: [String: String]) -> [(reason: String, text: String)] {
        // A URL; the checks of memmon have names that only the ledger uses.
        failures.sorted { $0.key < $1.key }.map {
            ($0.value, kind == .unhealthy ? "\($0.key): \($0.value)" : $0.value)
        }
    }

    /// Why a process is to be restarted: all its failures, first the one that led to it, which the
    /// value and the limit belong to.
    private func reason(of process: ProcessName) -> String {
        let record = ledger.records[process]
        let first = record.flatMap { record in
            record.failures[record.check].map { texts(of: [record.check: $0]) }
        }
        let all = (first ?? []) + failures(of: process)
        return all.map(\.text).withoutRepetitions().joined(separator: "\n")
    }

    /// Resolves alerts that restarts do not help which this run knows nothing of, such as those of a
    /// dry run.
    private func endForgottenAlerts() {
        guard let activeAlerts = runtime.alerts.activeAlerts else { return }
        let givenUp = Set(ledger.givenUp)
        activeAlerts.resolve(.gaveUp) { process in
            process.map(givenUp.contains) == true ? nil : .restartable
        }
    }

    private func resolve() {
        let resolved = ledger.takeResolved()
        guard !resolved.isEmpty else { return }
        runtime.alerts.activeAlerts?.resolve(.gaveUp) { $0.flatMap { resolved[$0] } }
        for process in resolved.keys { logResolution(of: process) }
        save()
    }

    private func logResolution(of process: ProcessName) {
        guard let end = ledger.limitEnd(of: process, at: .now) else {
            return runtime.log.report(.info, "\(process) may be restarted again")
        }
        runtime.log.report(
            .info,
            "the alert about \(process) is resolved; its restart limit is reached until "
                + end.clock)
    }
}

// Decides about restarts, and has workers carry them out.

internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// Decides about restarts by a ``RestartLedger``, and has workers carry them out.
///
/// It is the one way in which tools restart: checks are handed to it, and it logs why nothing is
/// done, alerts where restarts have not helped, and sees to starts that have failed.
final class RestartQueue {
    private(set) var ledger: RestartLedger
    private unowned let runtime: Runtime
    private let client: SupervisorClient
    private let pendingStarts: PendingStarts
    private let kind: Incident.Kind
    private let title: (String) -> String
    private var orders: [ProcessName: Order] = [:]
    private var mistakes: [String] = []
    /// What is being done.
    private var acting: [ProcessName: RestartSubject] = [:]
    private var savedKey: Spool.Key?
    private var savedStarts: [[String]] = []
    private var savedBudgets: [ProcessName: RestartBudget] = [:]

    /// What is to be done, by whom it is reported, and who waits for its end.
    private struct Order {
        let subject: RestartSubject
        let report: any RestartReport
        let completion: (RestartOutcome, WorkerRecords) -> Void
    }

    /// How long a restart may take, which is bounded step by step: a backstop, not a limit.
    private static let backstop = Duration.seconds(10_800)

    /// Makes a queue.
    ///
    /// - Parameters:
    ///   - policy: When to restart.
    ///   - own: The listener itself, which is never acted upon.
    ///   - client: The supervisord.
    ///   - runtime: The program.
    ///   - kind: What kind of incident it is that a process fails its checks.
    ///   - title: A mail's subject, with the name of the tool.
    init(
        _ policy: RestartPolicy, own: ProcessName?, client: SupervisorClient, runtime: Runtime,
        kind: Incident.Kind, title: @escaping (String) -> String
    ) {
        ledger = RestartLedger(policy)
        ledger.own = own
        self.client = client
        self.runtime = runtime
        self.kind = kind
        self.title = title
        pendingStarts = PendingStarts(client: client)
        pendingStarts.onEnd = { [unowned self] process in
            ledger.settlePendingStart(process, at: .now)
            save()
            startNext()
        }
        runtime.monitoring?.watch(self)
    }

    var policy: RestartPolicy { ledger.policy }

    // MARK: What is found out

    /// Sees to starts that have failed; to be called with each tick.
    func tick() {
        pendingStarts.tick(runtime)
    }

    /// Notes what a worker has read of the silence file.
    func note(_ record: SilenceRecord?) {
        guard let record else { return }
        let now = Timestamp.now
        let before = ledger.silence.holding(at: now)
        ledger.silence = record.silence
        let after = ledger.silence.holding(at: now)
        for entry in after.subtracting(before) {
            runtime.log.note("silenced until \(entry.end.clock): \(entry.pattern)")
        }
        for entry in before.subtracting(after) {
            runtime.log.note("no longer silenced: \(entry.pattern)")
        }
        let mistakes = ledger.silence.mistakes
        if mistakes != self.mistakes {
            let path = policy.silenceFile ?? ""
            for mistake in mistakes { runtime.log.note("the silence file \(path): \(mistake)") }
        }
        self.mistakes = mistakes
    }

    /// Notes a change of state, which may be a person's doing.
    func note(_ change: ProcessStateChange, _ name: EventName) {
        guard name == .processStateStarting else { return }
        switch change.fromState {
        case "STOPPED": ledger.noteStart(of: change.process, from: .stopped)
        case "FATAL": ledger.noteStart(of: change.process, from: .fatal)
        default: return
        }
        resolve()
    }

    /// Decides about a process after a check.
    ///
    /// - Parameters:
    ///   - observation: What was found out.
    ///   - report: What reports the restart, if there is one.
    ///   - completion: Called when it has ended.
    /// - Returns: What is to be done; ``startNext()`` does it.
    func decide(
        _ observation: Observation, report: () -> any RestartReport,
        completion: @escaping (RestartOutcome, WorkerRecords) -> Void = { _, _ in }
    ) -> Decision {
        let decision = ledger.decide(observation, at: .now)
        return follow(decision, observation, report, completion)
    }

    /// Notes that a process is well.
    func pass(_ observation: Observation) {
        guard ledger.decide(observation, at: .now) == .withdraw else { return }
        runtime.log.note("\(observation.process) is not restarted: it is healthy again")
        withdraw(observation.process)
    }

    /// Decides whether a process is started that has failed by itself.
    ///
    /// - Parameters:
    ///   - observation: How it is.
    ///   - report: What reports the start.
    func decideStart(_ observation: Observation, report: () -> any RestartReport) {
        _ = follow(
            ledger.decideStart(observation, at: .now), observation, report, { _, _ in })
    }

    /// Whether a person may do something about a process that matters for its budget.
    var isWatching: Bool {
        ledger.records.values.contains { !$0.budget.charges.isEmpty } || !ledger.canaries.isEmpty
    }

    /// Whether something is being done about a process.
    func isActing(_ process: ProcessName) -> Bool {
        ledger.records[process].map { $0.activity != .idle } ?? false
    }

    private func follow(
        _ decision: Decision, _ observation: Observation, _ report: () -> any RestartReport,
        _ completion: @escaping (RestartOutcome, WorkerRecords) -> Void
    ) -> Decision {
        let process = observation.process
        switch decision {
        case .act(let act):
            let failures = ledger.records[process]?.failures.sorted { $0.key < $1.key } ?? []
            let subject = RestartSubject(
                process: process, act: act, start: observation.instance.start,
                pid: observation.pid, reason: failures.map(\.value).joined(separator: "\n"),
                value: observation.value, limit: observation.limit)
            orders[process] = Order(
                subject: subject, report: report(), completion: completion)
        case .hold(let reason, let isNew, let isAlertDue):
            if isNew && !reason.isOriginal {
                runtime.log.note("\(process) is not restarted: \(reason)")
            }
            if isAlertDue { alert(process, reason) }
        case .withdraw:
            runtime.log.note("\(process) is not restarted: it is healthy again")
            withdraw(process)
        case .nothing:
            break
        }
        return decision
    }

    /// Notes that a check has passed for all processes that it stands for.
    func pass(_ check: String, begin: Instant) {
        for process in ledger.pass(check, begin: begin, at: .now) {
            runtime.log.note("\(process) is not restarted: it is healthy again")
            withdraw(process)
        }
        resolve()
    }

    private func withdraw(_ process: ProcessName) {
        guard let order = orders.removeValue(forKey: process) else { return }
        order.completion(.spared, WorkerRecords(lines: []))
    }

    /// Notes how a process is that is not checked at the moment.
    func see(_ instance: ProcessInstance, _ state: ProcessState, begin: Instant) {
        ledger.see(instance, state, begin: begin)
    }

    /// Forgets the processes that supervisord does not have any more.
    func keep(_ isKnown: (ProcessName) -> Bool) {
        ledger.keep(isKnown)
    }

    // MARK: Acting

    /// Begins the restarts that may begin, and ends what has been resolved.
    func startNext() {
        resolve()
        guard !runtime.isFinishing else { return }
        for (process, _) in ledger.begin(at: .now) {
            guard let order = orders.removeValue(forKey: process) else {
                ledger.finish(process, .dropped("nobody asks for it"), at: .now)
                continue
            }
            acting[process] = order.subject
            // Before the worker may stop anything.
            save()
            start(order)
        }
        // What the ledger does not wait for any more has been dropped by a condition.
        for process in orders.keys where !ledger.waiting.contains(process) { withdraw(process) }
    }

    private func start(_ order: Order) {
        let job = self.job(order)
        let process = order.subject.process
        runtime.workers.run(deadline: Self.backstop, endsWithProgram: false) {
            let outcome = job.run()
            order.report.finish(outcome)
            RestartOutcomeRecord(process: process, outcome: outcome).write()
            return 0
        } completion: { [unowned self] records in
            finish(order, records)
        }
    }

    private func job(_ order: Order) -> RestartJob<SupervisorControl> {
        let report = order.report
        return RestartJob(
            subject: order.subject, policy: policy,
            control: SupervisorControl(client: client, log: runtime.log),
            isHealthy: report.isHealthy, collectEvidence: report.collectEvidence,
            willAct: report.willAct, startsAfterRefusedStop: report.startsAfterRefusedStop,
            note: order.subject.write)
    }

    private func finish(_ order: Order, _ records: WorkerRecords) {
        let process = order.subject.process
        pendingStarts.note(records.all(PendingStartRecord.self)) { _ in order.report.finishLate() }
        let isPending = pendingStarts.all[process] != nil
        let outcome =
            records.first(RestartOutcomeRecord.self)?.outcome ?? .dropped("its worker failed")
        ledger.finish(process, outcome, isPending: isPending, at: .now)
        acting[process] = nil
        save()
        report(process, outcome)
        order.completion(outcome, records)
        startNext()
    }

    private func report(_ process: ProcessName, _ outcome: RestartOutcome) {
        switch outcome {
        case .dropped(let reason): runtime.log.note("\(process) is not restarted: \(reason)")
        case .spared: runtime.log.note("\(process) is not restarted: it is healthy again")
        case .refused: runtime.log.note("\(process) is not restarted: \(HoldReason.before)")
        case .pretended: runtime.log.note("\(process) is not restarted: dry run")
        case .restarted, .stopped, .alreadyStarted, .stopFailed, .startFailed: break
        }
    }

    // MARK: Over the end of the program

    /// Takes over what an earlier run has kept.
    func restore(_ records: [[String]]) {
        ledger.restore(records, at: .now)
        for record in records.compactMap({ PendingStartRecord(fields: $0) }) {
            guard case .seen(let state, let start) = record.event else { continue }
            pendingStarts.restore(
                record.process, PendingStart.Sight(state: state, start: start)
            ) { [title] process in
                let text = "\(process) restarted"
                AlertRecord(Alert(subject: title(text), body: text, time: .now)).write()
            }
            ledger.restorePendingStart(record.process)
        }
        save()
    }

    /// Keeps what the next run has to know: the starts that are owed, also those of restarts that
    /// are under way, and the budgets.
    private func save() {
        guard let spool = runtime.spool else { return }
        let starts = pendingStarts.all.values.map { start in
            PendingStartRecord(
                process: start.process,
                event: .seen(start.lastSeen.state, start: start.lastSeen.start))
        }
        let underway = acting.values.filter { $0.act == .restart }.map { subject in
            PendingStartRecord(
                process: subject.process, event: .seen(.stopping, start: subject.start))
        }
        let state = (starts + underway).map(\.fields).sorted { $0.lexicographicallyPrecedes($1) }
        let budgets = ledger.records.mapValues(\.budget).filter { !$0.value.charges.isEmpty }
        guard state != savedStarts || budgets != savedBudgets else { return }
        savedStarts = state
        savedBudgets = budgets
        let records = state + ledger.budgetRecords(at: .now)
        if records.isEmpty {
            if let key = savedKey { spool.remove(key) }
            savedKey = nil
        } else if let key = savedKey {
            spool.replace(key, by: .restarts(records))
        } else {
            savedKey = spool.keep(.restarts(records))
        }
    }

    /// Logs what nobody sees to after the end of the program.
    func finish() {
        guard runtime.spool == nil else { return }
        for process in pendingStarts.all.keys.sorted(by: { $0.full < $1.full }) {
            runtime.log.note(
                "ending while \(process) is down: start it by 'supervisorctl start \(process)', or "
                    + "use --spool, so that the next run does")
        }
    }

    // MARK: Alerts

    /// Alerts about a process that is not restarted for a reason that a person should know.
    private func alert(_ process: ProcessName, _ reason: HoldReason) {
        let subject: String
        let text: String
        var subjectProcess = process
        var kind = Incident.Kind.gaveUp
        switch reason {
        case .budget(let limit, let back):
            subject = "gave up on \(process)"
            let restarts = limit.count == 1 ? "1 restart" : "\(limit.count) restarts"
            let have = limit.count == 1 ? "has" : "have"
            text =
                "gave up on \(process): \(restarts) in \(Diagnostics.duration(limit.period)) "
                + "\(have) not helped; next attempt \(back.clock)"
        case .canaryFailed(let canary, _):
            subjectProcess = canary
            subject = "\(reason)"
            text = subject
        default:
            kind = self.kind
            subject = "\(process) is not restarted"
            text = "\(process) is not restarted: \(reason)"
        }
        let failures = ledger.records[process]?.failures.sorted { $0.key < $1.key } ?? []
        let time = Timestamp.now
        runtime.log.note(text)
        let message = ([text] + failures.map(\.value)).joined(separator: "\n\n")
        let incident = Incident(kind, at: time, to: subjectProcess, message: message)
        runtime.alerts.post(
            Alert(subject: title(subject), body: incident.text, time: time, incidents: [incident]))
    }

    private func resolve() {
        let resolved = ledger.takeResolved()
        guard !resolved.isEmpty else { return }
        runtime.alerts.activeAlerts?.resolve { kind, process in
            kind == .gaveUp && process.map(resolved.contains) == true
        }
        for process in resolved { runtime.log.note("\(process) is no longer given up on") }
    }
}

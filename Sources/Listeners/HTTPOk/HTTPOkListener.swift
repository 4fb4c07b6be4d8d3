internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// Restarts programs when a URL does not respond correctly.
///
/// A worker runs the checks; for a failed one, another worker gets the state of the processes. The
/// listener decides, and a ``RestartQueue`` carries out the decisions.
final class HTTPOkListener: Listener {
    unowned let runtime: Runtime
    let options: HTTPOkOptions
    private let plan: CheckPlan
    private let client: SupervisorClient
    private let queue: RestartQueue
    private var outages: OutageLog
    /// Whether a worker has not yet reported its checks.
    private var isPlanning = false
    /// The running checks.
    private var busy: Set<String> = []
    private var notices = NoticeLedger()
    private let siteAlerts: SiteAlerts
    private var isQuerying = false
    /// How many failures wait for the state of their processes.
    private var queryCount = 0
    private var startTimer: PollLoop.Timer?
    /// The failures of sites that are being handled.
    private var failures = SiteFailures()

    /// The timeout of a worker, whose checks have their own: a file on a file system that does not
    /// respond would block it forever.
    private var workerTimeout: Duration { .seconds(60) + options.plan.terms.timeout * 20 }

    /// Creates the listener.
    ///
    /// - Parameters:
    ///   - options: The command line.
    ///   - settings: The settings that all tools share.
    ///   - client: The connection to supervisord.
    ///   - runtime: The runtime.
    init(
        _ options: HTTPOkOptions, _ settings: Settings, _ client: SupervisorClient,
        _ runtime: Runtime
    ) {
        self.options = options
        self.runtime = runtime
        self.client = client
        plan = options.plan
        outages = OutageLog(runtime.log)
        siteAlerts = SiteAlerts(options, runtime)
        queue = RestartQueue(
            options.policy, own: settings.environment.own, client: client, runtime: runtime,
            kind: .unhealthy, reportsFailures: true, title: options.title)
        runtime.alerts.title = options.title
        runtime.alerts.presentState = { [unowned self] in presentState(of: $0) }
        runtime.alerts.threads.awaitsRecovery = options.reportsRecovery
    }

    /// The state now of the URL or process of a counted incident; nil if unknown.
    private func presentState(of incident: Incident) -> String? {
        guard incident.check == nil else { return siteAlerts.presentState(of: incident) }
        return incident.process.flatMap(queue.presentState)
    }

    func restore(restarts records: [[String]]) { queue.restore(records) }

    func finish(completion: @escaping () -> Void) {
        queue.startNext()
        // The running restart may take longer than supervisord waits for this program.
        runtime.loop.after(Runtime.shutdownTimeout / 2) { [unowned self] in
            failures.reportDone()
        }
        completion()
    }

    func handle(_ content: EventContent, of name: EventName) {
        switch content {
        case .tick(let tick):
            queue.tick(tick)
            queryPrograms()
            checkSites()
        case .processState(let change):
            queue.note(change, name)
        default:
            break
        }
    }

    /// Starts the checks that are not running: a tick does not repeat them, and a slow check does
    /// not delay the others.
    ///
    /// ``CheckPlan`` applies `-E`.
    private func checkSites() {
        guard !isPlanning else { return }
        isPlanning = true
        let begin = Instant.now
        var open: Set<String> = []
        var isPlanned = false
        let worker = CheckRoundWorker(
            plan: plan, client: client, busy: busy, earlier: earlierChecks(),
            silenceFile: options.policy.silenceFile)
        let timeout = workerTimeout
        runtime.workers.run(deadline: timeout, endsWithProgram: true) {
            worker.run()
        } progress: { [unowned self] records in
            queue.note(records.first(SilenceRecord.self))
            endEarlierChecks(records, begin)
            if let plan = records.first(CheckRoundWorker.Begin.self) {
                isPlanned = true
                isPlanning = false
                open = Set(plan.checks)
                busy.formUnion(open)
                if plan.isComplete { siteAlerts.removeCounts(unless: busy.contains) }
            }
            for result in records.all(CheckResult.self) {
                busy.remove(result.identity)
                open.remove(result.identity)
                receive(result, begin)
            }
            if startTimer != nil { startSoon() }
        } completion: { [unowned self] records in
            if !isPlanned { isPlanning = false }
            busy.subtract(open)
            let limit = "no result within \(timeout.components.seconds) s"
            for check in open.sorted() {
                outages.begin(check, "cannot check \(check): \(limit)")
            }
            if startTimer != nil { startSoon() }
            if let failure = records.first(CheckFailure.self) {
                outages.begin(failure.key, failure.text)
            } else {
                outages.end(CheckRoundWorker.failure)
            }
        }
    }

    /// The checks of an earlier run, which had another command line perhaps, whose alerts are active.
    private func earlierChecks() -> EarlierChecks {
        siteAlerts.endRenamedAlerts()
        queue.endEarlierAlerts(unless: options.selects)
        var identities = queue.earlierChecks
        if options.startsFailed { identities.remove(ProcessRecord.startCheck) }
        return EarlierChecks(alerts: siteAlerts.earlierAlerts, identities: identities)
    }

    /// Ends the alerts about checks of an earlier run that this one does not make.
    private func endEarlierChecks(_ records: WorkerRecords, _ begin: Instant) {
        for end in records.all(EarlierAlert.End.self) {
            // A stop by this listener does not end the alert.
            if end.isStopped, let process = end.alert.process,
                queue.isStopped(process) || queue.isUnsettled(process, since: begin)
            {
                continue
            }
            siteAlerts.end(end.alert)
        }
        let identities = records.all(EarlierChecks.End.self).map(\.identity)
        if !identities.isEmpty { queue.endEarlierChecks(Set(identities)) }
    }

    /// Gets the state of the programs if that matters between failures of the site.
    private func queryPrograms() {
        guard !isQuerying,
            options.startsFailed || queue.isWatching || siteAlerts.hasKnownProcesses
        else { return }
        isQuerying = true
        let begin = Instant.now
        let query = ProgramStateQuery(options: options, client: client)
        runtime.workers.run(deadline: .seconds(60), endsWithProgram: true) {
            query.run()
        } completion: { [unowned self] records in
            isQuerying = false
            if let failure = records.first(CheckFailure.self) {
                return outages.begin(failure.key, failure.text)
            }
            // A worker that was killed, or not started, says nothing about processes.
            guard records.first(ObservedProcess.End.self) != nil else { return startSoon() }
            outages.end("-x")
            queue.note(records.first(SilenceRecord.self))
            let failed = Set(records.all(ProgramStateQuery.Failed.self).map(\.process))
            let processes = records.all(ObservedProcess.self)
            let known = Set(processes.map(\.process))
            queue.removeProcesses(unless: known.contains)
            endUnmadeChecks(processes, begin)
            for process in processes {
                if failed.contains(process.process) {
                    start(process, begin)
                } else {
                    queue.see(process.instance, process.state, begin: begin)
                }
            }
            startSoon()
        }
    }

    /// Ends the alerts about checks that are no longer made, because their processes no longer exist,
    /// or were stopped by another client.
    private func endUnmadeChecks(_ processes: [ObservedProcess], _ begin: Instant) {
        let states = Dictionary(
            processes.map { ($0.process, $0.state) }, uniquingKeysWith: { $1 })
        siteAlerts.endChecks { [queue] process, isPerProcess in
            guard !queue.isUnsettled(process, since: begin) else { return false }
            guard let state = states[process] else { return true }
            return isPerProcess && state == .stopped && !queue.isStopped(process)
        }
    }

    private func start(_ process: ObservedProcess, _ begin: Instant) {
        let reason = "it is \(process.state.name)"
        let observation = process.observation("-x", .unhealthy(reason), begin: begin)
        queue.decideStart(observation) { [options, client, queue, log = runtime.log] in
            ProgramStartReport(
                of: process.process, in: process.state, options: options, client: client, log: log,
                after: queue.logEnds[process.process])
        }
    }

    private func receive(_ result: CheckResult, _ begin: Instant) {
        if !result.isSilenced { reportNotices(of: result) }
        switch result.health {
        case .unknown(let reason):
            outages.begin(result.identity, "cannot check \(result.identity): \(reason)")
            if result.isPerProcess { result.processes.forEach(queue.noteUnknown) }
        case .healthy:
            outages.end(result.identity)
            outages.end(Self.queryKey(of: result))
            siteAlerts.notePass(of: result)
            queue.pass(result.identity, begin: begin)
            siteAlerts.reportRecovery(of: result)
        case .unhealthy:
            outages.end(result.identity)
            siteAlerts.noteFailure(of: result)
            queryProcesses(of: result, begin)
        }
    }

    private func reportNotices(of result: CheckResult) {
        let reports = notices.take(result) { [threads = runtime.alerts.threads] kind in
            threads.thread(of: topic(of: kind, result)) != nil
        }
        for report in reports { post(report, of: result) }
    }

    // MARK: Failures

    /// Gets the state of the programs of a site.
    private func queryProcesses(of result: CheckResult, _ begin: Instant) {
        let query = FailedCheckQuery(
            options: options, client: client, processes: result.processes,
            mayAlert: options.policy.mayLeaveAlone && siteAlerts.mayRemind(of: result),
            logEnds: queue.logEnds)
        queryCount += 1
        runtime.workers.run(deadline: .seconds(60), endsWithProgram: true) {
            query.run()
        } completion: { [unowned self] records in
            queryCount -= 1
            queue.note(records.first(SilenceRecord.self))
            act(result, begin, records, failure(result, records))
        }
    }

    /// How long a restart waits for other checks that may fail at the same time, so that its alert
    /// and its commands know all of them.
    private static let gathering = Duration.milliseconds(300)

    /// Starts the restarts that were decided, as soon as no other check is about to end.
    private func startSoon() {
        guard queryCount > 0 || !busy.isEmpty else {
            runtime.loop.reset(&startTimer, to: nil) {}
            return queue.startNext()
        }
        guard startTimer == nil else { return }
        startTimer = runtime.loop.after(Self.gathering) { [unowned self] in
            startTimer = nil
            queue.startNext()
        }
    }

    private func failure(_ result: CheckResult, _ records: WorkerRecords) -> SiteFailure {
        siteAlerts.count(result)
        var diagnostics = records.first(DiagnosticsRecord.self)?.diagnostics ?? Diagnostics()
        if !result.evidence.isEmpty { diagnostics.sections.append(result.evidence) }
        let subject = options.title("\(result.target): \(result.subject)")
        let processes = records.all(ObservedProcess.self).map(\.process)
        let isKnown = records.first(ObservedProcess.End.self) != nil
        let process =
            isKnown
            ? processes.count == 1 ? processes[0] : nil : siteAlerts.process(of: result)
        siteAlerts.note(process, of: result)
        var open: SiteFailure?
        let failure = SiteFailure(
            result.identity, subject: subject, of: options.check(of: result), cause: result.cause,
            process,
            diagnostics: diagnostics,
            logs: records.all(ProcessLogRecord.self).map(\.log),
            isFurther: failures.isOpen(result.identity), log: runtime.log
        ) { [siteAlerts] report in
            siteAlerts.post(report)
        } end: { [unowned self] in
            if let open { failures.remove(open, of: result.identity) }
            open = nil
        }
        open = failure
        failures.add(failure, of: result.identity)
        if !siteAlerts.reachesThreshold(result) { failure.hold() }
        return failure
    }

    private func act(
        _ result: CheckResult, _ begin: Instant, _ records: WorkerRecords, _ failure: SiteFailure
    ) {
        defer {
            startSoon()
            failure.close()
        }
        failure.add(.warning, result.message)
        if let outage = records.first(CheckFailure.self) {
            if !failure.isFurther { fail(outage, of: result, failure) }
            return
        }
        outages.end(Self.queryKey(of: result))
        let isAny = options.selection.isAny && result.processes.isEmpty
        let names =
            result.processes.isEmpty
            ? options.selection.patterns.map(\.description) : result.processes.map(\.description)
        if options.policy.action != .alert {
            failure.add(
                .info,
                isAny ? HTTPOkMessages.restartingAll : HTTPOkMessages.restartingSelected(names))
        }
        let processes = records.all(ObservedProcess.self)
        for process in processes {
            decide(process, result, begin, failure, isShared: processes.count > 1)
        }
        let missing = records.all(FailedCheckQuery.MissingProgram.self).map(\.name)
        if !missing.isEmpty {
            failure.obstacle = "\(missing.joined(separator: ", ")) does not exist"
            failure.add(.warning, HTTPOkMessages.missing(missing))
        }
    }

    /// Reports once for each site that its processes are not available.
    private func fail(_ outage: CheckFailure, of result: CheckResult, _ failure: SiteFailure) {
        failure.obstacle = "supervisord cannot be reached"
        if outage.key == FailedCheckQuery.shutdown {
            failure.hold()
            runtime.log.report(.info, outage.text)
        } else if outages.note(Self.queryKey(of: result), outage.text) {
            failure.add(.warning, outage.text)
        } else {
            failure.hold()
        }
    }

    /// The key of the request for the processes of a site, in the log of outages.
    private static func queryKey(of result: CheckResult) -> String {
        "\(FailedCheckQuery.failure) of \(result.identity)"
    }

    private func decide(
        _ process: ObservedProcess, _ result: CheckResult, _ begin: Instant,
        _ failure: SiteFailure, isShared: Bool
    ) {
        let name = process.process
        guard !failures.ignores(name, of: result.identity, isActing: queue.isActing(name)) else {
            return failure.hold("\(name) was restarted, others are still being restarted")
        }
        var observation = process.observation(result.identity, result.health, begin: begin)
        observation.isPerProcess = result.isPerProcess
        observation.isShared = isShared
        if options.policy.isSequential { observation.sites = plan.sites(of: name) }
        var place: Int?
        let decision = queue.decide(observation) {
            [options, client, plan, queue, log = runtime.log] in
            SiteRestartReport(
                of: name, url: result.target, options: options, client: client,
                log: log, after: queue.logEnds[name]
            ) { plan.passes(name, after: result) }
        } completion: { [unowned self] outcome, records in
            guard let place else { return }
            if records.lines.isEmpty, case .outdated(let reason) = outcome {
                return failure.withdraw(place, reason)
            }
            failure.fill(
                place, records.all(SiteRestartReport.Line.self).map(\.text), outcome,
                logs: records.all(ProcessLogRecord.self).map(\.log), retry: runtime.outlook.retry)
        }
        switch decision {
        case .act:
            place = failure.open(for: name)
        case .hold(.ownListener, _, _):
            if !options.selection.isAny {
                failure.add(.warning, "\(name) is this listener, NOT restarting")
            }
        case .hold(.state, _, _) where queue.isStopped(name):
            failure.hold("\(name) was stopped by httpok", .reminder)
            failure.note(name, RestartOutcome.stopped.state(after: "httpok"))
        case .hold(.state, _, _):
            failure.add(.info, HTTPOkMessages.notRunning(name))
            failure.note(name, "\(process.state.name), not restarted")
        case .hold(let reason, _, let isAlertDue):
            if reason.isTurn,
                joinRestart(process, result, begin, failure, reason, isAlertDue: isAlertDue)
            {
                return
            }
            failure.hold(
                "\(name) is not restarted: \(reason)",
                siteAlerts.urgency(reason, result, isAlertDue))
            failure.note(name, "\(process.state.name.lowercased()): \(reason)")
        case .nothing, .cancel:
            if queue.isStartPending(name) {
                failure.hold("\(name) is down, its start is retried", .state)
                return failure.note(name, "down: start failed, retrying")
            }
            if joinRestart(process, result, begin, failure) { return }
            failure.hold(
                "\(name) is being restarted already",
                isLasting(process, result) ? .reminder : .none)
            failure.note(name, "being restarted")
        }
    }

    /// Lets the restart of a process because of another site report this site, too.
    ///
    /// - Parameters:
    ///   - process: The process.
    ///   - result: The result of this site's check.
    ///   - begin: When the check began.
    ///   - failure: What this site reports.
    ///   - reason: Why the restart has to wait.
    ///   - isAlertDue: Whether people should know that.
    /// - Returns: Whether the restart will be reported.
    private func joinRestart(
        _ process: ObservedProcess, _ result: CheckResult, _ begin: Instant,
        _ failure: SiteFailure, _ reason: HoldReason? = nil, isAlertDue: Bool = false
    ) -> Bool {
        let name = process.process
        guard let (check, host) = failures.restarting(name), !queue.isDisturbed(name, by: begin)
        else { return false }
        if check != result.identity && !isQuiet(process, result) { failure.join(host) }
        failure.hold(
            reason.map { "\(name) is not restarted: \($0)" }
                ?? "\(name) is being restarted already", isAlertDue ? .reminder : .none)
        failure.note(name, reason.map { "waiting: \($0)" } ?? "being restarted")
        return true
    }

    /// Whether a site has failed often enough, and not only during a restart of its process.
    private func isLasting(_ process: ObservedProcess, _ result: CheckResult) -> Bool {
        let isOwn = failures.restarting(process.process)?.check == result.identity
        return !isOwn && !isQuiet(process, result) && siteAlerts.hasFailedTwice(result)
    }

    /// Whether the failure of a site is not to be reported yet.
    private func isQuiet(_ process: ObservedProcess, _ result: CheckResult) -> Bool {
        !siteAlerts.reachesThreshold(result) || queue.isSilenced(process.process)
            || process.state == .running && process.uptime < options.policy.startPeriod
    }
}

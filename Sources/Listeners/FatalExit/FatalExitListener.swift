internal import Alerting
internal import ContainerInit
internal import EventLoop
internal import Glibc
internal import ListenerProtocol
internal import SupervisorRPC
internal import System
internal import Text

/// Stops supervisord when a program cannot run.
///
/// The steps: deliver the alerts, wait for the delay, write the exit status for `superlance init`,
/// then request the shutdown, again on each tick.
final class FatalExitListener: Listener {
    private let options: FatalExitOptions
    private unowned let runtime: Runtime
    private let client: SupervisorClient?
    private let statusFile: StatusFile?
    private let isAlerting: Bool
    private let reporter: IncidentReporter
    private let shutdown: SupervisordShutdown
    private var triggers: FatalExitTriggers

    /// Why supervisord is about to be stopped, by program: the alerts are being delivered, or the
    /// delays have not ended.
    private var preparing: [ProcessName: FatalExitCause] = [:]
    /// Causes that count only if an earlier one no longer applies.
    private var waiting: [FatalExitCause] = []
    /// The exit status with which the shutdown was requested.
    private var requestedStatus: Int32?
    /// Changes of state received before the groups of listeners were known.
    private var undecided: [(change: ProcessStateChange, name: EventName)]? = []
    private var isStopping = false
    /// When the time for the latest alerts about a shutdown ends.
    private var deliveryEnd: Instant?

    /// How long an exited program must be down.
    private static let rest = Duration.seconds(1)

    /// The timeout for alerts.
    private static let deliveryLimit = Duration.seconds(5)

    /// How long `superlance init` may take to change the owner of the status file.
    private static let permissionDelay = Duration.milliseconds(500)

    /// How often the delivery of alerts is checked.
    private static let deliveryInterval = Duration.milliseconds(50)

    /// Creates the listener.
    ///
    /// - Parameters:
    ///   - options: The command line.
    ///   - settings: The settings that all tools share.
    ///   - client: The connection to supervisord, if there is one.
    ///   - runtime: The runtime, which outlives the listener.
    init(
        _ options: FatalExitOptions, _ settings: Settings, _ client: SupervisorClient?,
        _ runtime: Runtime
    ) {
        self.options = options
        self.runtime = runtime
        self.client = client
        triggers = options.triggers
        isAlerting = !settings.channels.isEmpty
        statusFile = settings.environment[StatusFile.variable].flatMap { path in
            path.isEmpty ? nil : StatusFile(path: path)
        }
        reporter = IncidentReporter(runtime, client: client, lineCount: options.logLines)
        shutdown = SupervisordShutdown(runtime, client: client)
        clearStatus()
        readConfiguration()
    }

    // MARK: The start

    /// Removes the exit status that an earlier run has left for `superlance init`.
    private func clearStatus() {
        guard let statusFile else {
            runtime.log.report(
                .warning,
                "supervisord will always exit with status 0: SUPERLANCE_STATUS_FILE is not set; "
                    + "run supervisord with 'superlance init'")
            return
        }
        do throws(SystemError) {
            try statusFile.write(nil)
        } catch {
            guard error.code == EACCES else { return write(nil) }
            // supervisord has changed its user.
            StatusFile.requestPermission()
            runtime.loop.after(Self.permissionDelay) { [unowned self] in
                guard requestedStatus != nil else { return write(nil) }
            }
        }
    }

    private func readConfiguration() {
        readFacts { [unowned self] in begin($0) }
    }

    private func readFacts(completion: @escaping (SupervisordFacts?) -> Void) {
        let (supervisord, own) = (SupervisordProcess.identifier, triggers.own)
        runtime.workers.run(deadline: SupervisordFacts.deadline, mayBeLate: true) {
            SupervisordFacts(supervisord: supervisord, own: own)?.write()
            return 0
        } completion: { records in
            completion(records.first(SupervisordFacts.self))
        }
    }

    private func begin(_ facts: SupervisordFacts?) {
        if let facts {
            check(facts.events)
        } else if triggers.patterns.isEmpty {
            runtime.log.report(
                .warning,
                "cannot read supervisord's configuration, treating listeners as programs; "
                    + "select the programs with -p")
        }
        goOn(with: facts)
        lookForDownProcesses()
    }

    /// Evaluates the changes of state that have waited for the groups of listeners.
    private func goOn(with facts: SupervisordFacts?) {
        if let facts { triggers.listenerGroups = Set(facts.listenerGroups.map { ExactText($0) }) }
        let changes = undecided ?? []
        undecided = nil
        for (change, name) in changes { act(on: triggers.note(change, name, at: .now)) }
    }

    /// Logs the events that the listener requires but is not subscribed to.
    private func check(_ events: [EventName]?) {
        guard let events else { return }
        let required: [(kind: EventName, suggestion: EventName)] = [
            (.processState, .processState), (.supervisorStateChange, .supervisorStateChange),
            (.tick, .tick5),
        ]
        for (kind, suggestion) in required where !ListenerNeeds.isMet(kind, by: events) {
            runtime.log.report(.warning, "add \(suggestion) to events= of this listener's section")
        }
    }

    /// Searches for programs that were down before the first event.
    private func lookForDownProcesses() {
        guard let client else { return }
        runtime.workers.run(deadline: .seconds(10), mayBeLate: true) {
            let infos = (try? client.getAllProcessInfo()) ?? []
            let exitCodes = infos.contains { $0.state == .exited } ? client.exitCodes() : [:]
            for info in infos {
                FoundProcess(info, exitCodes: exitCodes[info.processName]).write()
            }
            return 0
        } completion: { [unowned self] records in
            // Events are more recent than this list.
            for found in records.all(FoundProcess.self) where triggers.isNew(found.process) {
                act(on: triggers.consequence(of: found))
            }
        }
    }

    // MARK: Events

    func handle(_ content: EventContent, of name: EventName) {
        reporter.note(content, of: name)
        switch content {
        case .processState(let change):
            guard undecided == nil else {
                undecided?.append((change, name))
                return
            }
            consider(change, name)
        case .supervisorStopping:
            isStopping = true
        case .tick:
            guard let requestedStatus, !isStopping else { return }
            request(requestedStatus)
        default:
            return
        }
    }

    private func consider(_ change: ProcessStateChange, _ name: EventName) {
        // A reload may have added a listener, or made a program of one.
        if name == .processStateStarting, change.fromState == .stopped, triggers.patterns.isEmpty {
            undecided = [(change, name)]
            return readFacts { [unowned self] in goOn(with: $0) }
        }
        act(on: triggers.note(change, name, at: .now))
    }

    private func act(on consequence: FatalExitTriggers.Consequence) {
        switch consequence {
        case .none:
            return
        case .end(let cause):
            end(cause)
        case .endIfDown(let cause):
            runtime.loop.after(Self.rest) { [unowned self] in
                // Every start or stop also sends an event.
                guard triggers.isLatest(cause) else { return }
                end(cause)
            }
        }
    }

    // MARK: Shutdown

    private func end(_ cause: FatalExitCause) {
        guard !isStopping, requestedStatus == nil else { return }
        if let first = preparing[cause.process], first.endsWithRun, triggers.hasRun(since: first) {
            withdraw(first, Self.wasStarted(first))
        }
        guard isWaiting(cause) else { return prepare(cause) }
        if preparing[cause.process] == nil { log(cause) }
        waiting.removeAll { $0.process == cause.process }
        waiting.append(cause)
    }

    private func log(_ cause: FatalExitCause) {
        runtime.log.report(.warning, "stopping supervisord: \(cause.message)")
    }

    /// Whether an earlier cause comes first: one of the same program, or any without a delay, since
    /// one alert is enough for what happens in the same moment.
    private func isWaiting(_ cause: FatalExitCause) -> Bool {
        options.delay > .zero ? preparing[cause.process] != nil : !preparing.isEmpty
    }

    private func prepare(_ cause: FatalExitCause) {
        preparing[cause.process] = cause
        log(cause)
        var finding: ProcessEnd.Finding?
        var isDelivered = !isAlerting
        func goOn() {
            guard isDelivered, let finding else { return }
            settle(cause, finding)
        }
        find(cause) {
            finding = $0
            goOn()
        }
        guard isAlerting else { return }
        alert(cause)
        let end = Instant.now + Self.deliveryLimit
        deliveryEnd = end
        waitForDelivery(until: end) { [unowned self] in
            isDelivered = true
            guard options.delay == .zero else { return goOn() }
            // The program may have been started meanwhile.
            find(cause) { latest in
                finding?.state = latest.state
                finding?.isGone = latest.isGone
                finding = finding ?? latest
                goOn()
            }
        }
    }

    /// Whether supervisord is still about to be stopped because of a cause.
    private func isCurrent(_ cause: FatalExitCause) -> Bool {
        requestedStatus == nil && preparing[cause.process] == cause
    }

    private func find(
        _ cause: FatalExitCause,
        completion: @escaping (ProcessEnd.Finding) -> Void
    ) {
        guard let client else {
            var finding = ProcessEnd.Finding()
            finding.unknown = "there is no server URL; add [unix_http_server]"
            return completion(finding)
        }
        let end = ProcessEnd(cause: cause, client: client)
        runtime.workers.run(deadline: ProcessEnd.deadline, mayBeLate: true) {
            end.run()
        } completion: { records in
            completion(records.all(ProcessEnd.Finding.self).last ?? ProcessEnd.Finding())
        }
    }

    private func alert(_ cause: FatalExitCause) {
        let time = Timestamp.now
        let message = "\(cause.message); \(plan)"
        var diagnostics = Diagnostics(host: HostName.current)
        diagnostics.state = cause.state
        var incident = Incident(
            [.fatal, .mainFatal].contains(cause.kind) ? .fatal : .exited, at: time,
            to: cause.process, pid: cause.pid, fromState: cause.fromState,
            message: message, diagnostics: diagnostics,
            header: runtime.alerts.header)
        incident.predicate = "\(cause.predicate), \(plan)"
        guard !runtime.alerts.isSilenced(incident) else { return }
        let alert = Alert(
            subject: "\(cause.title) at \(time.asctime), \(plan)",
            body: incident.text, time: time, incidents: [incident])
        // supervisord ends as soon as this is delivered.
        reporter.sendExplained(alert, about: incident)
    }

    /// What follows, in the words of an alert.
    private var plan: String {
        let plan = "stopping supervisord"
        let seconds = Int(options.delay.components.seconds)
        return seconds > 0
            ? "\(plan) in \(Diagnostics.duration(seconds)) unless it recovers" : plan
    }

    private func waitForDelivery(
        until end: Instant, completion: @escaping () -> Void
    ) {
        guard runtime.alerts.outbox.waitingCount > 0, Instant.now < end else { return completion() }
        runtime.loop.after(Self.deliveryInterval) { [unowned self] in
            waitForDelivery(until: end, completion: completion)
        }
    }

    private func settle(
        _ cause: FatalExitCause, _ finding: ProcessEnd.Finding
    ) {
        guard isCurrent(cause) else { return }
        if let obstacle = obstacle(to: cause, finding) {
            return cancel(cause, obstacle, isGone: finding.isGone)
        }
        // What it does within the delay is seen afterwards: a start may fail.
        if options.delay == .zero {
            if let state = finding.state, !cause.stillHolds(in: state) {
                return cancel(cause, "\(cause.process) is \(state.name)")
            }
            guard cause.kind != .exited || triggers.isLatest(cause) else {
                return cancel(cause, Self.wasStarted(cause))
            }
        }
        let status = options.status ?? cause.status(own: finding.status)
        logUnknownStatus(of: cause, finding, status)
        guard options.delay > .zero else { return request(status) }
        runtime.log.report(.info, "waiting \(options.delay.components.seconds) s (--delay)")
        runtime.loop.after(options.delay) { [unowned self] in
            decideAfterDelay(about: cause, status)
        }
    }

    private func decideAfterDelay(about cause: FatalExitCause, _ status: Int32) {
        find(cause) { [unowned self] finding in
            guard isCurrent(cause) else { return }
            if let obstacle = obstacle(to: cause, finding) {
                return cancel(cause, obstacle, isGone: finding.isGone)
            }
            // Whether the start succeeds is known soon.
            guard finding.state != .starting else {
                runtime.loop.after(Self.rest) { [unowned self] in
                    decideAfterDelay(about: cause, status)
                }
                return
            }
            let isLooping = triggers.isLooping(cause, at: .now)
            if let state = finding.state, !cause.holdsAfterDelay(in: state, isLooping: isLooping) {
                return cancel(cause, "\(cause.process) is \(state.name)")
            }
            if cause.endsWithRun, triggers.hasRun(since: cause) {
                return cancel(cause, Self.wasStarted(cause))
            }
            // It may have failed again, with another one.
            let latest = finding.status.map { options.status ?? cause.status(own: $0) }
            request(latest ?? status)
        }
    }

    private static func wasStarted(_ cause: FatalExitCause) -> String {
        "\(cause.process) was started again"
    }

    /// Why supervisord is not stopped, whatever the state of the program.
    private func obstacle(to cause: FatalExitCause, _ finding: ProcessEnd.Finding) -> String? {
        if finding.isStopping || isStopping { return "it is stopping" }
        return finding.isGone ? "\(cause.process) was removed" : nil
    }

    private func logUnknownStatus(
        of cause: FatalExitCause, _ finding: ProcessEnd.Finding, _ status: Int32
    ) {
        guard let reason = finding.unknown, options.status == nil, statusFile != nil else { return }
        runtime.log.report(
            .warning,
            "the exit status of \(cause.process) is unknown, exiting with \(status): \(reason)")
    }

    private func cancel(_ cause: FatalExitCause, _ reason: String, isGone: Bool = false) {
        withdraw(cause, reason)
        guard !isStopping else { return }
        waiting.removeAll {
            isGone && $0.process == cause.process || hasRecovered($0, since: cause)
        }
        if case .crashLoop = cause.kind { triggers.forgetExits(of: cause.process) }
        guard let next = waiting.firstIndex(where: { !isWaiting($0) }) else { return }
        prepare(waiting.remove(at: next))
    }

    private func withdraw(_ cause: FatalExitCause, _ reason: String) {
        preparing[cause.process] = nil
        runtime.log.report(.info, "not stopping supervisord: \(reason)")
        if !isStopping { reportCancellation(of: cause, reason) }
    }

    /// Whether a cause that has waited no longer applies.
    private func hasRecovered(_ cause: FatalExitCause, since first: FatalExitCause) -> Bool {
        if case .crashLoop = cause.kind, !triggers.isLooping(cause, at: .now) { return true }
        guard cause.process == first.process || cause.requiresLatestChange else { return false }
        return !triggers.isLatest(cause)
    }

    /// Reports that supervisord keeps running, if an alert said that it is being stopped.
    private func reportCancellation(of cause: FatalExitCause, _ reason: String) {
        guard let thread = runtime.alerts.threads.end(.process(cause.process)) else { return }
        let report = RecoveryReport(
            thread: thread, end: .now, period: "delay", predicate: "no longer stops supervisord")
        runtime.alerts.post(report.alert("not stopping supervisord: \(reason)"))
    }

    private func request(_ status: Int32) {
        requestedStatus = status
        write(status)
        shutdown.request()
    }

    private func write(_ status: Int32?) {
        do throws(SystemError) {
            try statusFile?.write(status)
        } catch {
            runtime.log.report(.error, "\(error); the exit status will be supervisord's own")
        }
    }

    /// Once the shutdown is requested, the time for its alerts is not granted again.
    var finishLimit: Duration {
        guard requestedStatus != nil, let deliveryEnd else { return Runtime.shutdownTimeout }
        return max(.zero, deliveryEnd - .now)
    }

    func finish(completion: @escaping () -> Void) {
        reporter.finish(completion)
    }
}

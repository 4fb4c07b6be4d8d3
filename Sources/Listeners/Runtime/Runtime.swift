// The resident program: one thread, one wait, and a listener that decides.

internal import Alerting
internal import EventLoop
internal import Glibc
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// The resident program around a listener: answers supervisord, keeps the outbox, runs workers,
/// ends in good order.
final class Runtime {
    let loop: PollLoop
    let log: Log
    let outbox: Outbox
    let isSupervised: Bool

    let spool: Spool?

    /// What was told and is not over; nothing where nobody keeps it.
    private(set) var firing: ActiveAlerts?

    /// The tokens of the header of the event that came last.
    var header: [String: String] { lastTokens?.values ?? [:] }
    /// Their table is made only when an incident wants it: most events are of no concern.
    private var lastTokens: TokenSet?

    private let client: SupervisorClient?
    private let metrics: Metrics?
    private let metricsFile: MetricsFile?
    private let heartbeat: Heartbeat?
    /// The tick to which what begins now belongs.
    private var tick: TickWork?
    private var openTicks = 0

    private var conversation: SessionDriver?
    private var gaps: DroppedEventDetector
    private var workers = 0
    /// Those among them that go on after the end.
    private var lastingWorkers = 0
    private var hasSeenEvent = false
    private var isFinishing = false
    private var isHurrying = false
    private var status: Int32 = 0

    /// How long deliveries and restarts may take at the end.
    static let lastMoments = Duration.seconds(5)

    /// Sets the program up.
    ///
    /// - Parameters:
    ///   - settings: What the listener was started with.
    ///   - log: Where things are told.
    ///   - confirms: Whether each delivered alert is logged.
    /// - Throws: `SystemError` when the kernel has no descriptor left.
    init(_ settings: Settings, log: Log, confirms: Bool) throws(SystemError) {
        loop = try PollLoop()
        self.log = log
        isSupervised = settings.host.isSupervised
        // Whoever needs it has complained by now of an address that cannot be understood.
        client = try? settings.optionalClient()
        spool = settings.spool.map { directory in
            let name = [log.tool, settings.host.own?.full].compactMap { $0 }
            return Spool(directory: directory, listener: name.joined(separator: "."), log: log)
        }
        outbox = Outbox(
            channels: settings.channels, loop: loop, log: log, confirms: confirms, spool: spool)
        metrics = settings.other.metrics.map { _ in
            Metrics(origin: settings.origin, channels: settings.channels.map(\.name))
        }
        metricsFile = metrics.flatMap { [loop] metrics in
            settings.other.metrics.map { path in
                MetricsFile(
                    path: path, origin: settings.origin, metrics: metrics, loop: loop, log: log)
            }
        }
        heartbeat = settings.other.heartbeat.map { [loop] address in
            Heartbeat(address, authorities: settings.authorities, loop: loop, log: log)
        }
        gaps = DroppedEventDetector(own: settings.host.own)
        if outbox.hasStatefulChannels {
            firing = ActiveAlerts(loop: loop, spool: spool) { [unowned self] alert in
                outbox.postToStatefulChannels(alert)
            }
        }
        metrics?.waiting = { [unowned self] in outbox.waitingCount }
        if let metrics {
            outbox.onFate = { [unowned self] channel, fate, count in
                metrics.note(channel, fate, count)
                metricsFile?.update()
            }
        }
    }

    /// Runs a listener until supervisord ends it.
    ///
    /// - Parameter listener: The listener.
    /// - Returns: The exit status.
    func run(_ listener: some Listener) -> Int32 {
        loop.onTermination = { [unowned self] in finish(listener) }
        // First of all, so that no child gets hold of it.
        let conversation = SessionDriver(over: loop, log: log) { [unowned self] event in
            handle(event, listener)
        } end: { [unowned self] fault in
            hangUp(fault)
            finish(listener)
        }
        self.conversation = conversation
        listener.begin(self)
        takeOver(spool?.takeOver() ?? [], listener)
        metricsFile?.update()
        watchSpool(listener, after: Self.lastMoments * 2)
        conversation.begin()
        loop.run()
        return status
    }

    /// Takes over what an earlier run has left in the spool.
    private func takeOver(
        _ left: [(key: Spool.Key, content: SpoolContent)], _ listener: some Listener
    ) {
        let count = left.count { if case .firing = $0.content { false } else { true } }
        if count > 0 { log.note("taking over \(count) from the spool") }
        for (key, content) in left {
            switch content {
            case .alert(let alert, let owed):
                firing?.note(alert)
                outbox.adopt(alert, owed: owed, key: key)
            case .firing(let incident):
                // Without anybody who keeps it, nobody is told that it is over.
                firing?.restore(incident, key) ?? spool?.remove(key)
            case .incident(let incident): listener.restore(KeptIncident(incident, spool, key))
            }
        }
        outbox.begin()
        checkDownProcesses()
    }

    /// Looks each minute whether another one of this name has ended and left something: the one
    /// before, which had its last moments yet, or one beside.
    private func watchSpool(_ listener: some Listener, after pause: Duration) {
        guard let spool else { return }
        loop.after(pause) { [unowned self] in
            guard !isFinishing else { return }
            let left = spool.takeOverMore()
            if !left.isEmpty { takeOver(left, listener) }
            watchSpool(listener, after: .seconds(60))
        }
    }

    /// Looks whether what an earlier run told of is up again, since that event may have gone to
    /// nobody.
    private func checkDownProcesses() {
        guard let client, let downProcesses = firing?.downProcesses, !downProcesses.isEmpty else {
            return
        }
        work(deadline: .seconds(10), mayBeLate: true) {
            let infos = (try? client.getAllProcessInfo()) ?? []
            for info in infos where info.state == .running && downProcesses.contains(info.namespec)
            {
                WorkerAnswer.write("running", info.group, info.name)
            }
            return EX_OK
        } completion: { [unowned self] records, _ in
            for record in records where record.count == 3 && record[0] == "running" {
                firing?.seeRunning(ProcessName(group: record[1], name: record[2]))
            }
        }
    }

    // MARK: Events

    private func handle(_ event: Event, _ listener: some Listener) {
        hasSeenEvent = true
        noteGap(event.header)
        lastTokens = event.header.tokens
        metrics?.note(event.name)
        tick = .tick ~= event.name ? TickWork() : nil
        if tick != nil { openTicks += 1 }
        defer { endTick(isWell: true) }
        do throws(PayloadError) {
            let content = try event.content()
            if case .processState(let change) = content { firing?.note(change, event.name) }
            listener.handle(content, of: event.name, by: self)
        } catch {
            log.note("cannot read \(error): '\(event.text.prefix(200))'")
        }
        metricsFile?.update()
    }

    /// Ends a piece of a tick's work; with the last one of all ticks the heart beats.
    private func endTick(isWell: Bool) {
        guard let tick else { return }
        self.tick = nil
        guard tick.end(isWell: isWell) else { return }
        openTicks -= 1
        if openTicks == 0 && !tick.hasFailed { heartbeat?.beat() }
    }

    /// Says why the conversation is over, if it is not for the usual reason.
    private func hangUp(_ fault: ProtocolError?) {
        if let fault {
            log.note("out of step with supervisord, starting afresh: \(fault)")
            status = ProtocolError.exitStatus
        } else if !hasSeenEvent && !isSupervised {
            log.note(SupervisorEnvironment.notSupervised.description)
            status = EX_USAGE
        }
    }

    /// Tells events that have been lost; the next alert tells it, too.
    private func noteGap(_ header: EventHeader) {
        DroppedEventDetector.notice(gaps.note(header)).map(log.note)
    }

    // MARK: Alerts

    /// Delivers an alert.
    ///
    /// - Parameters:
    ///   - alert: The alert.
    ///   - hasRoom: Whether its text may become longer; a text message may not.
    func post(_ alert: Alert, hasRoom: Bool = true) {
        let alert = hasRoom ? noting(alert) : placing(alert)
        outbox.post(alert)
        firing?.note(alert)
    }

    /// Keeps an alert safe until more is known about it.
    func hold(_ alert: Alert) -> Outbox.Ticket {
        outbox.hold(alert)
    }

    /// Delivers an alert that was held.
    func release(_ ticket: Outbox.Ticket, _ alert: Alert) {
        let alert = noting(alert)
        outbox.release(ticket, saying: alert)
        firing?.note(alert)
    }

    /// The alert, and how many events are missing if some are.
    private func noting(_ alert: Alert) -> Alert {
        let alert = placing(alert)
        guard let notice = gaps.takeNotice() else { return alert }
        return alert.with("\(alert.body)\n\n\(notice)", of: alert.incidents)
    }

    private func placing(_ alert: Alert) -> Alert {
        alert.with(alert.body, of: alert.incidents.map(placing))
    }

    /// The incident, and from which supervisord it is, if no event of its own has said so.
    private func placing(_ incident: Incident) -> Incident {
        guard incident.header.isEmpty else { return incident }
        var incident = incident
        incident.header = header.filter { ["ver", "server", "pool"].contains($0.key) }
        return incident
    }

    // MARK: Work

    /// Runs a piece of work in a worker.
    ///
    /// Alerts that it hands over go to the outbox.
    ///
    /// - Parameters:
    ///   - deadline: When it is killed.
    ///   - endsWithProgram: Whether it is killed at the end; one that is in the middle of a restart
    ///     must not be.
    ///   - mayBeLate: Whether it is nothing to speak of if it does not come to its end in time.
    ///   - work: The work; it returns an exit status.
    ///   - completion: Called when it has ended, with its answer and the alerts in it.
    func work(
        deadline: Duration, endsWithProgram: Bool = true, mayBeLate: Bool = false,
        _ work: @escaping () -> Int32,
        completion: @escaping ([[String]], [Alert]) -> Void
    ) {
        workers += 1
        if !endsWithProgram { lastingWorkers += 1 }
        let tick = tick
        tick?.begin()
        loop.start(
            .worker(work), deadline: deadline, limit: 4_194_304, endsWithParent: endsWithProgram
        ) { [unowned self] report in
            workers -= 1
            if !endsWithProgram { lastingWorkers -= 1 }
            let isLate = mayBeLate && report.end == .timedOut
            if report.end != .exited(0) && !isLate {
                log.note("a worker came to grief: \(report.end)")
            }
            let records = TextRecord.parse(report.output)
            metrics?.note(records)
            // What comes of it belongs to the same tick.
            self.tick = tick
            defer { endTick(isWell: report.end == .exited(0) || isLate) }
            let alerts = AlertRecord.alerts(in: records)
            alerts.forEach { post($0) }
            completion(records, alerts)
            endIfDone()
        }
    }

    // MARK: The end

    /// Lets everything come to its end, for five seconds.
    private func finish(_ listener: some Listener) {
        guard !isFinishing else { return }
        isFinishing = true
        conversation?.finish()
        loop.after(Self.lastMoments) { [unowned self] in end() }
        listener.finish(self) { [unowned self] in
            // Only now, so that what has gathered can go as one digest.
            isHurrying = true
            outbox.hurry { [unowned self] in endIfDone() }
        }
    }

    private func endIfDone() {
        if isHurrying && workers == 0 && outbox.isExhausted { end() }
    }

    private func end() {
        if lastingWorkers > 0 {
            log.note(
                "ending; what is being checked or restarted still is, and is not mailed any more")
        }
        outbox.abandonAll()
        metricsFile?.finish()
        loop.killChildren()
        loop.stop()
    }
}

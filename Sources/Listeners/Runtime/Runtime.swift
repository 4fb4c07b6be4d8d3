internal import Alerting
internal import CLinux
internal import EventLoop
internal import Glibc
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// The process of a listener: creates the parts that handle events, send alerts and run workers,
/// and shuts them down in order.
final class Runtime {
    let loop: PollLoop
    let log: Log
    let spool: Spool?

    /// Sends alerts.
    let alerts: AlertDispatcher

    /// Runs slow work.
    let workers: WorkerPool

    /// Whether the program is shutting down.
    private(set) var isFinishing = false {
        didSet { if isFinishing { isExiting.set() } }
    }

    /// The same for workers, which may outlive the program.
    private let isExiting = SharedFlag()

    /// Who will retry what fails now.
    var outlook: RetryOutlook { RetryOutlook(isExiting: isExiting, hasSpool: spool != nil) }

    private let client: SupervisorClient?
    private let isSupervised: Bool
    let monitoring: Monitoring?
    private let events: EventIntake
    private var session: SessionDriver?
    /// Called just before the program exits, after everything else.
    var onEnd: () -> Void = {}
    private var audit: SelectorAudit?
    private let hasHeartbeat: Bool
    private let plan: ListenerPlan
    private var isFlushing = false
    private var status: Int32 = 0

    /// The timeout for deliveries and restarts during the shutdown.
    static let shutdownTimeout = Duration.seconds(5)

    /// Creates the parts.
    ///
    /// - Parameters:
    ///   - settings: The listener's settings.
    ///   - plan: The listener's plan.
    ///   - log: The log.
    ///   - confirms: Whether each delivered alert is logged.
    /// - Throws: `SystemError` when no descriptor is available.
    init(
        _ settings: Settings, _ plan: ListenerPlan, log: Log, confirms: Bool
    ) throws(SystemError) {
        self.plan = plan
        let loop = try PollLoop()
        self.loop = loop
        // Workers have another parent.
        _ = (SupervisordProcess.user, SupervisordProcess.directory)
        self.log = log
        isSupervised = settings.environment.isSupervised
        // A tool that requires the RPC has already rejected an invalid address.
        client = try? settings.optionalClient()
        spool = settings.spool.map { directory in
            let name = settings.spoolName
            return Spool(
                directory: directory, listener: name.listener, nameless: name.nameless,
                log: log)
        }
        let outbox = Outbox(
            channels: settings.channels, loop: loop, log: log, confirms: confirms, spool: spool)
        let alerts = AlertDispatcher(
            outbox: outbox, limit: settings.flood, own: settings.environment.numberedListener,
            loop: loop,
            log: log, spool: spool, channels: settings.channels,
            presentation: settings.presentation)
        self.alerts = alerts
        if !plan.readsSilence {
            alerts.silences = settings.silenceFile.map { SilenceWatch($0, loop: loop, log: log) }
        }
        let monitoring = Monitoring(settings, outbox: outbox, loop: loop, log: log)
        self.monitoring = monitoring
        monitoring?.watch(alerts.flood)
        let heartbeat = settings.channelSettings.heartbeat.map { address in
            Heartbeat(address, authorities: settings.authorities, loop: loop, log: log)
        }
        hasHeartbeat = heartbeat != nil
        let ticks = TickTracker(heartbeat: heartbeat)
        let workers = WorkerPool(loop: loop, log: log, ticks: ticks) { records in
            monitoring?.note(records)
            for record in records.all(AlertRecord.self) { alerts.post(record.alert) }
        }
        self.workers = workers
        events = EventIntake(
            alerts: alerts, groups: GroupResolver(client: client, workers: workers), ticks: ticks,
            monitoring: monitoring, log: log)
        workers.onEnd = { [unowned self] in endIfDone() }
        // The kernel maps sixteen pages around each that is used, most of which never are.
        loop.onIdle = { clinux_release_code() }
        loop.onLoss = { limit in
            log.report(.warning, "the result of a worker exceeds \(limit) bytes and is truncated")
        }
    }

    /// Runs a listener until supervisord ends it.
    ///
    /// - Parameter makeListener: Creates the listener.
    /// - Returns: The exit status.
    func run(_ makeListener: (Runtime) -> any Listener) -> Int32 {
        // First of all, so that no child inherits the descriptors.
        let descriptors = ListenerSession()
        let listener = makeListener(self)
        audit = SelectorAudit(plan, self, hasHeartbeat: hasHeartbeat)
        loop.onTermination = { [unowned self] in finish(listener) }
        let session = SessionDriver(descriptors, over: loop, log: log) { [events, audit] event in
            events.handle(event, by: listener, audit)
        } end: { [unowned self] reason in
            logEnd(reason)
            finish(listener)
        }
        self.session = session
        // supervisord does not wait for the spool to be read.
        session.begin()
        let look = AlertedProcessLook(self, client: client)
        alerts.activeAlerts?.onRepetition = { look.begin() }
        let takeover = SpoolTakeover(self, look: look, listener: listener)
        takeover.begin()
        monitoring?.update()
        withExtendedLifetime(takeover) { loop.run() }
        return status
    }

    // MARK: Shutdown

    /// Logs why the session ended, unless it ended as usual.
    private func logEnd(_ reason: SessionEnd) {
        switch reason {
        case .protocolError(let fault):
            log.report(.error, "protocol error, exiting: \(fault)")
            status = ProtocolError.exitStatus
        case .output:
            log.report(
                .error,
                "cannot answer supervisord: standard output is closed, or cannot be written to")
            status = EX_IOERR
        case .input:
            guard !events.hasSeenEvent && !isSupervised else { return }
            log.report(.error, ListenerEnvironment.notSupervised.description)
            status = EX_USAGE
        }
    }

    /// Completes open work within the listener's limit.
    private func finish(_ listener: any Listener) {
        guard !isFinishing else { return }
        isFinishing = true
        session?.finish()
        events.finish()
        loop.after(listener.finishLimit) { [unowned self] in end() }
        // Before the listener completes its last diagnoses, so that summaries have theirs, too.
        alerts.flood.finish()
        listener.finish { [unowned self] in
            alerts.finish()
            // Only now, so that the collected alerts can be sent as one digest.
            isFlushing = true
            alerts.outbox.flush { [unowned self] in endIfDone() }
        }
    }

    private func endIfDone() {
        if isFlushing && workers.count == 0 && alerts.outbox.isExhausted { end() }
    }

    private func end() {
        onEnd()
        if workers.lastingCount > 0 {
            log.report(
                .info,
                "exiting; running checks and restarts continue, and are not reported")
        }
        alerts.outbox.logUndelivered()
        monitoring?.finish()
        loop.killChildren()
        loop.stop()
    }
}

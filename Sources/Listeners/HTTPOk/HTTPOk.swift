// httpok: restarts programs when a web site does not answer as it should.

internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// Restarts programs when a web site does not answer as it should.
final class HTTPOkListener: Listener {
    private unowned let runtime: Runtime
    private let options: HTTPOkOptions
    private let check: SiteCheck
    private let client: SupervisorClient
    private let own: ProcessName?
    private let owed: PendingStarts
    private var isChecking = false
    /// The first alert that told of it since the site was last well.
    private var told: Alert.Identity?

    /// A bound on the work of one tick, which is bounded step by step: a backstop, not a limit.
    private static let backstop = Duration.seconds(3_600)

    /// Makes the listener.
    ///
    /// - Parameters:
    ///   - options: The command line.
    ///   - settings: What all tools are started with.
    ///   - client: The way to supervisord.
    ///   - runtime: The program, which outlives the listener.
    init(
        _ options: HTTPOkOptions, _ settings: Settings, _ client: SupervisorClient,
        _ runtime: Runtime
    ) {
        self.options = options
        self.runtime = runtime
        self.client = client
        check = SiteCheck(
            url: options.url, expectation: options.expectation, timeout: options.timeout,
            authorities: settings.authorities)
        own = settings.host.own
        owed = PendingStarts(client: client)
    }

    func handle(_ content: EventContent, of name: EventName) {
        guard case .tick = content else { return }
        owed.tick(runtime)
        look()
    }

    /// Looks at the site, unless it is still looking: ticks that come meanwhile ask for the same.
    private func look() {
        guard !isChecking else { return }
        isChecking = true
        let watch = SiteWatch(
            options: options, check: check, client: client, own: own, log: runtime.log)
        runtime.workers.run(deadline: Self.backstop, endsWithProgram: false) {
            watch.run()
        } completion: { [unowned self] records in
            isChecking = false
            if told == nil { told = records.first(AlertRecord.self)?.alert.identity }
            if records.first(SiteWatch.HealthyRecord.self) != nil {
                runtime.alerts.activeAlerts?.resolve { kind, _ in kind == .unhealthy }
                tellRecovery()
            }
            owed.note(records.lines) { [options, url = check.url.redacted] process in
                let time = Timestamp.now
                AlertRecord(
                    Alert(
                        subject: options.title("\(url): \(process) restarted"),
                        body: "\(process) restarted", time: time)
                ).write()
            }
        }
    }

    /// Tells that the site is well again, if it was told that it was not.
    private func tellRecovery() {
        defer { told = nil }
        guard let told, options.tellsRecovery else { return }
        let time = Timestamp.now
        let url = check.url.redacted
        let message = "\(url) is healthy again"
        runtime.log.say(message)
        runtime.alerts.post(
            Alert(
                subject: options.title(message), body: message, time: time,
                incidents: [Incident(.recovered, at: time, message: message)], predecessor: told))
    }
}

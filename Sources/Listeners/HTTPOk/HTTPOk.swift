// httpok: restarts programs when a web site does not answer as it should.

internal import Alerting
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// Restarts programs when a web site does not answer as it should.
final class HTTPOkListener: Listener {
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

    init(_ settings: Settings) throws(UsageError) {
        options = try HTTPOkOptions(settings)
        check = SiteCheck(
            url: options.url, expectation: options.expectation, timeout: options.timeout,
            authorities: settings.authorities)
        client = try settings.client()
        own = settings.host.own
        owed = PendingStarts(client: client)
    }

    func handle(_ content: EventContent, of name: EventName, by runtime: Runtime) {
        guard case .tick = content else { return }
        owed.tick(runtime)
        look(runtime)
    }

    /// Looks at the site, unless it is still looking: ticks that come meanwhile ask for the same.
    private func look(_ runtime: Runtime) {
        guard !isChecking else { return }
        isChecking = true
        let watch = SiteWatch(
            options: options, check: check, client: client, own: own, log: runtime.log)
        runtime.work(deadline: Self.backstop, endsWithProgram: false) {
            watch.run()
        } completion: { [unowned self] records, alerts in
            isChecking = false
            if told == nil { told = alerts.first?.identity }
            if records.contains(SiteWatch.healthy) {
                runtime.firing?.resolve { kind, _ in kind == .unhealthy }
                tellRecovery(runtime)
            }
            owed.note(records) { [options, url = check.url.redacted] process in
                let time = Timestamp.now
                AlertRecord.write(
                    Alert(
                        subject: options.title("\(url): \(process) restarted"),
                        body: "\(process) restarted", time: time))
            }
        }
    }

    /// Tells that the site is well again, if it was told that it was not.
    private func tellRecovery(_ runtime: Runtime) {
        defer { told = nil }
        guard let told, options.tellsRecovery else { return }
        let time = Timestamp.now
        let url = check.url.redacted
        let message = "\(url) is healthy again"
        runtime.log.say(message)
        runtime.post(
            Alert(
                subject: options.title(message), body: message, time: time,
                incidents: [Incident(.recovered, at: time, message: message)], predecessor: told))
    }
}

// httpok: restarts programs when a web site does not answer as it should.

internal import Alerting
internal import ListenerProtocol

/// Restarts programs when a web site does not answer as it should.
final class HTTPOkListener: Listener {
    private let options: HTTPOkOptions
    private let check: SiteCheck
    private let client: SupervisorClient
    private let own: Namespec?
    private let owed: OwedStarts
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
        owed = OwedStarts(client: client)
    }

    func handle(_ content: EventContent, of name: EventName, by resident: Resident) {
        guard case .tick = content else { return }
        owed.tick(resident)
        look(resident)
    }

    /// Looks at the site, unless it is still looking: ticks that come meanwhile ask for the same.
    private func look(_ resident: Resident) {
        guard !isChecking else { return }
        isChecking = true
        let watch = SiteWatch(
            options: options, check: check, client: client, own: own, log: resident.log)
        resident.work(deadline: Self.backstop, endsWithProgram: false) {
            watch.run()
        } completion: { [unowned self] records, alerts in
            isChecking = false
            if told == nil { told = alerts.first?.identity }
            if records.contains(SiteWatch.healthy) {
                resident.firing?.resolve { kind, _ in kind == .unhealthy }
                tellRecovery(resident)
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
    private func tellRecovery(_ resident: Resident) {
        defer { told = nil }
        guard let told, options.tellsRecovery else { return }
        let time = Timestamp.now
        let url = check.url.redacted
        let message = "\(url) is healthy again"
        resident.log.say(message)
        resident.post(
            Alert(
                subject: options.title(message), body: message, time: time,
                incidents: [Incident(.recovered, at: time, message: message)], predecessor: told))
    }
}

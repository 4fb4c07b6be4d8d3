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
        } completion: { [unowned self] records in
            isChecking = false
            let (options, url) = (options, check.url.redacted)
            owed.note(records) { process in
                AlertRecord.write(
                    subject: options.title("\(url): \(process) restarted"),
                    body: "\(process) restarted")
            }
        }
    }
}

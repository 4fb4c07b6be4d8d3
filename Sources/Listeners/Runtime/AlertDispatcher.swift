// Sends alerts, and remembers which of them are still active.

internal import Alerting
internal import EventLoop
internal import ListenerProtocol

/// Sends the alerts of a listener, and remembers which of them are still active.
final class AlertDispatcher {
    /// The undelivered alerts.
    let outbox: Outbox

    /// The alerts that are not resolved; `nil` where no channel tracks resolution.
    private(set) var activeAlerts: ActiveAlerts?

    private let log: Log
    private var gaps: DroppedEventDetector
    /// The tokens of the latest event's header.
    ///
    /// Their table is made only when an incident needs it: most events lead to no alert.
    private var latestTokens: TokenSet?

    /// Makes a dispatcher.
    ///
    /// - Parameters:
    ///   - outbox: Delivers the alerts.
    ///   - own: The listener's own name, if its events are numbered without gaps.
    ///   - loop: The program's one wait.
    ///   - log: Where dropped events are logged.
    ///   - spool: Where active alerts are kept.
    ///   - channels: Where alerts go.
    init(
        outbox: Outbox, own: ProcessName?, loop: PollLoop, log: Log, spool: Spool?,
        channels: [any Channel]
    ) {
        self.outbox = outbox
        self.log = log
        gaps = DroppedEventDetector(own: own)
        guard outbox.hasStatefulChannels else { return }
        let repeater = AlertRepeater(channels: channels, loop: loop, log: log)
        activeAlerts = ActiveAlerts(
            loop: loop, spool: spool, post: outbox.postToStatefulChannels, resend: repeater.send)
    }

    /// The tokens of the header of the latest event.
    var header: [String: String] { latestTokens?.values ?? [:] }

    /// Notes the header of an event, and logs how many events are missing before it.
    func note(_ header: EventHeader) {
        DroppedEventDetector.notice(gaps.note(header)).map(log.note)
        latestTokens = header.tokens
    }

    /// Takes gaps in the numbers of events for granted from now on.
    func expectGaps() {
        gaps.stop()
    }

    /// Sends an alert.
    ///
    /// - Parameters:
    ///   - alert: The alert.
    ///   - hasRoom: Whether its text may become longer; a text message may not.
    func post(_ alert: Alert, hasRoom: Bool = true) {
        let alert = hasRoom ? withNotice(alert) : withSource(alert)
        outbox.post(alert)
        activeAlerts?.note(alert)
    }

    /// Keeps an alert safe until more is known about it.
    func hold(_ alert: Alert) -> Outbox.Ticket {
        outbox.hold(alert)
    }

    /// Sends an alert that was held.
    func release(_ ticket: Outbox.Ticket, _ alert: Alert) {
        let alert = withNotice(alert)
        outbox.release(ticket, saying: alert)
        activeAlerts?.note(alert)
    }

    /// Drops an alert that was held: it has turned out to be none.
    func discard(_ ticket: Outbox.Ticket) {
        outbox.discard(ticket)
    }

    /// The alert, and how many events are missing if some are.
    private func withNotice(_ alert: Alert) -> Alert {
        let alert = withSource(alert)
        guard let notice = gaps.takeNotice() else { return alert }
        return alert.with("\(alert.body)\n\n\(notice)", of: alert.incidents)
    }

    private func withSource(_ alert: Alert) -> Alert {
        alert.with(alert.body, of: alert.incidents.map(withSource))
    }

    /// The incident with the supervisord it came from, if no event of its own names it.
    private func withSource(_ incident: Incident) -> Incident {
        guard incident.header.isEmpty else { return incident }
        var incident = incident
        incident.header = header.filter { ["ver", "server", "pool"].contains($0.key) }
        return incident
    }
}

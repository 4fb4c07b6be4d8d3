internal import Alerting
internal import EventLoop
internal import ListenerProtocol

/// Sends a listener's alerts, and keeps track of those that are active.
final class AlertDispatcher {
    /// The undelivered alerts.
    let outbox: Outbox

    /// The unresolved alerts; `nil` if no channel tracks resolution.
    private(set) var activeAlerts: ActiveAlerts?

    private let log: Log
    private var gaps: DroppedEventDetector
    /// The tokens of the latest event's header.
    ///
    /// They are parsed only for an incident: most events cause no alert.
    private var latestTokens: TokenSet?

    /// Creates a dispatcher.
    ///
    /// - Parameters:
    ///   - outbox: Delivers the alerts.
    ///   - own: The listener's own name, if its events are numbered without gaps.
    ///   - loop: The event loop.
    ///   - log: The log for dropped events.
    ///   - spool: Stores active alerts.
    ///   - channels: The alert channels.
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

    /// Records the header of an event, and logs how many events before it were dropped.
    func note(_ header: EventHeader) {
        DroppedEventDetector.notice(gaps.note(header)).map(log.report)
        latestTokens = header.tokens
    }

    /// Stops detecting dropped events.
    func expectGaps() {
        gaps.stop()
    }

    /// Sends an alert.
    ///
    /// - Parameters:
    ///   - alert: The alert.
    ///   - hasRoom: Whether text may be added, unlike for a text message.
    func post(_ alert: Alert, hasRoom: Bool = true) {
        let alert = hasRoom ? withNotice(alert) : withSource(alert)
        outbox.post(alert)
        activeAlerts?.note(alert)
    }

    /// Stores an alert until its details are complete.
    func hold(_ alert: Alert) -> Outbox.Ticket {
        outbox.hold(alert)
    }

    /// Sends a stored alert.
    func release(_ ticket: Outbox.Ticket, _ alert: Alert) {
        let alert = withNotice(alert)
        outbox.release(ticket, saying: alert)
        activeAlerts?.note(alert)
    }

    /// Discards a stored alert that turned out not to be needed.
    func discard(_ ticket: Outbox.Ticket) {
        outbox.discard(ticket)
    }

    /// The alert, with a notice if events were dropped.
    private func withNotice(_ alert: Alert) -> Alert {
        let alert = withSource(alert)
        guard let notice = gaps.takeNotice() else { return alert }
        return alert.with("\(alert.body)\n\n\(notice)", of: alert.incidents)
    }

    private func withSource(_ alert: Alert) -> Alert {
        alert.with(alert.body, of: alert.incidents.map(withSource))
    }

    /// The incident with the header of the latest event, if it has none of its own.
    private func withSource(_ incident: Incident) -> Incident {
        guard incident.header.isEmpty else { return incident }
        var incident = incident
        incident.header = header.filter { ["ver", "server", "pool"].contains($0.key) }
        return incident
    }
}

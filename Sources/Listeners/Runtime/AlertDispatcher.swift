internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import System
internal import Text

/// Sends a listener's alerts, and keeps track of those that are active.
final class AlertDispatcher {
    /// The undelivered alerts.
    let outbox: Outbox

    /// The unresolved alerts; `nil` if no channel tracks resolution.
    private(set) var activeAlerts: ActiveAlerts?

    /// Tracks the first mail about each process and URL.
    let threads: AlertThreads

    /// Called with a process that an earlier run has reported, and that is RUNNING since a time.
    var onRunning: (ProcessName, Timestamp) -> Void = { _, _ in }

    /// Counts alerts that are too many to be sent.
    let flood: FloodControl

    /// The silenced processes; nil if the listener itself considers them.
    var silences: SilenceWatch?

    /// The prefix of the subjects that the dispatcher itself makes.
    var title: (String) -> String = { $0 }

    /// Adds the diagnosis to what was counted before it is reported; nil if incidents have theirs
    /// when they are counted.
    var complete: (([RepeatedIncident], @escaping ([RepeatedIncident]) -> Void) -> Void)?

    /// The state now of what an incident without a later diagnosis is about, for its summary; nil if
    /// unknown: the state of then is not that of now.
    var presentState: (Incident) -> String? = { _ in nil }

    /// Completes an alert that an earlier run could not complete, and releases it.
    lazy var completeRestored: (Outbox.Ticket, Alert) -> Void = { [unowned self] ticket, alert in
        release(ticket, alert)
    }

    private var repeater: AlertRepeater?
    private let log: Log
    private let presentation: AlertPresentation
    private let spool: Spool?
    private var gaps: DroppedEventDetector
    /// The tokens of the latest event's header.
    ///
    /// They are parsed only for an incident: most events cause no alert.
    private var latestTokens: HeaderTokens?

    /// Creates a dispatcher.
    ///
    /// - Parameters:
    ///   - outbox: Delivers the alerts.
    ///   - limit: How many alerts are sent at once.
    ///   - own: The listener's own name, if its events are numbered without gaps.
    ///   - loop: The event loop.
    ///   - log: The log for dropped events.
    ///   - spool: Stores active alerts and counted ones.
    ///   - channels: The alert channels.
    ///   - presentation: What the operator has set for the contents.
    init(
        outbox: Outbox, limit: FloodLimit, own: ProcessName?, loop: PollLoop, log: Log,
        spool: Spool?, channels: [any Channel],
        presentation: AlertPresentation = AlertPresentation()
    ) {
        self.outbox = outbox
        self.presentation = presentation
        self.log = log
        self.spool = spool
        gaps = DroppedEventDetector(own: own)
        flood = FloodControl(
            limit, loop: loop, spool: spool, log: log,
            isActive: channels.contains { !$0.tracksResolution })
        threads = AlertThreads(spool: spool)
        threads.routes = AlertRoutes(channels, title: presentation.title)
        outbox.digestSubject = presentation.title
        outbox.onDigest = { [threads] alerts, digest, channel in
            threads.move(alerts, to: digest, where: channel.concerns)
        }
        flood.startOfThread = { [threads] topic in threads.thread(of: topic)?.start }
        flood.report = { [unowned self] incidents, completion in
            let complete = complete ?? { [unowned self] in $1($0.map(withPresentState)) }
            complete(incidents) { [unowned self] incidents in
                let current = incidents.map(withThread)
                // Each address has a summary of its own programs.
                for own in threads.routes.split(current) { post(FloodSummary(incidents: own)) }
                completion()
            }
        }
        guard outbox.hasStatefulChannels else { return }
        let repeater = AlertRepeater(channels: channels, loop: loop, log: log)
        self.repeater = repeater
        activeAlerts = ActiveAlerts(
            loop: loop, spool: spool, post: outbox.postToStatefulChannels, resend: repeater.send)
    }

    private func withPresentState(_ incidents: RepeatedIncident) -> RepeatedIncident {
        var incidents = incidents
        let state = presentState(incidents.latest)
        guard state != incidents.latest.diagnostics?.state else { return incidents }
        incidents.latest.diagnostics = incidents.latest.diagnostics ?? Diagnostics()
        incidents.latest.diagnostics?.state = state
        return incidents
    }

    /// Counted incidents as they are reported, in their thread.
    private func withThread(_ incidents: RepeatedIncident) -> RepeatedIncident {
        var incidents = incidents
        // A digest may be the first mail by now.
        let thread = threads.thread(of: AlertTopic(incidents.latest))
        incidents.start = thread?.start ?? incidents.start
        incidents.latest = presented(incidents.latest)
        // The headline has the count of all, including those that were sent, as that of a crash.
        if let thread, incidents.latest.diagnostics?.crashes == nil {
            let earlier = thread.counts[incidents.latest.kind] ?? 0
            let begin = min(thread.first.start, incidents.first)
            incidents.latest.diagnostics = incidents.latest.diagnostics ?? Diagnostics()
            incidents.latest.diagnostics?.crashes = CrashCount(
                earlier.addingSaturated(incidents.count),
                within: max(1, incidents.latest.time.seconds.subtractingSaturated(begin.seconds)))
        }
        return incidents
    }

    /// Whether alerts have subjects, unlike text messages.
    var hasSubjects = true

    /// The tokens of the header of the latest event.
    var header: [String: String] { latestTokens?.values ?? [:] }

    /// Records the header of an event, and logs how many events before it were dropped.
    func note(_ header: EventHeader) {
        DroppedEventDetector.notice(gaps.note(header)).map { log.report(.warning, $0) }
        latestTokens = header.tokens
        if let section = header.pool { spool?.section = section }
    }

    /// Reports everything that is counted, before the program exits.
    func finish() {
        repeater?.isFinishing = true
        flood.finish()
    }

    /// Stops detecting dropped events.
    func expectGaps() {
        gaps.stop()
    }

    /// Sends an alert, unless it is counted because there are too many.
    ///
    /// - Parameter alert: The alert.
    /// - Returns: Whether it is sent at once.
    @discardableResult
    func post(_ alert: Alert) -> Bool {
        guard alert.effectiveIncidents.allSatisfy(admits) else { return false }
        return postAdmitted(alert)
    }

    /// Sends an alert about incidents that ``admits(_:)`` has let pass.
    ///
    /// - Parameters:
    ///   - alert: The alert.
    ///   - hasRoom: Whether text may be added, unlike for a text message.
    /// - Returns: Whether it is sent at once.
    @discardableResult
    func postAdmitted(_ alert: Alert, hasRoom: Bool = true) -> Bool {
        guard flood.admitsFromListener(alert.effectiveIncidents) else {
            postToStatefulChannels(alert)
            return false
        }
        let alert = hasRoom ? withNotice(alert) : withSource(alert)
        outbox.post(alert)
        activeAlerts?.note(alert)
        threads.note(alert)
        for incident in alert.incidents where incident.kind == .recovered {
            flood.noteRecovery(of: AlertTopic(incident))
        }
        return true
    }

    /// Logs that an incident is not reported, if its process is silenced.
    ///
    /// - Parameter incident: The incident.
    /// - Returns: Whether its process is silenced.
    func isSilenced(_ incident: Incident) -> Bool {
        guard let process = incident.process, let end = silences?.end(for: process) else {
            return false
        }
        let line = incident.message.firstLine
        log.report(.info, "alert not sent, \(process) is silenced until \(end.clock): \(line)")
        return true
    }

    /// Whether to report an incident: its process is not silenced, and it is not one too many.
    func accepts(_ incident: Incident) -> Bool {
        !isSilenced(incident) && admits(incident)
    }

    /// Decides about an incident by its process or URL, and counts it if there are too many.
    ///
    /// Channels that track resolution get it in any case.
    ///
    /// - Parameter incident: The incident.
    /// - Returns: Whether to report it.
    func admits(_ incident: Incident) -> Bool {
        guard !flood.admits(incident) else { return true }
        guard activeAlerts != nil else { return false }
        // Channels that track resolution know an alert by its labels, which the details contain.
        let complete = complete ?? { $1($0) }
        complete([RepeatedIncident(incident)]) { [unowned self] completed in
            for incident in completed.map(\.latest) {
                postToStatefulChannels(
                    Alert(
                        subject: incident.summary, body: incident.text, time: incident.time,
                        incidents: [incident]))
            }
        }
        return false
    }

    /// Sends an alert to channels that track resolution: people get another one, or none yet.
    func postToStatefulChannels(_ alert: Alert) {
        guard let activeAlerts else { return }
        let alert = withSource(alert)
        outbox.postToStatefulChannels(alert)
        activeAlerts.note(alert)
    }

    /// Sends a summary to those who have not had each alert.
    private func post(_ summary: FloodSummary) {
        let isText = !hasSubjects
        let alert =
            isText ? summary.textMessage(host: HostName.current) : summary.alert(title: title)
        log.report(.info, "sending a summary of counted alerts: \(alert.subject ?? alert.body)")
        let presented = isText ? withSource(alert) : withNotice(alert)
        outbox.postToStatelessChannels(presented)
        let start = ThreadStart(presented)
        for incidents in summary.incidents { threads.note(incidents, start) }
    }

    /// Stores an alert until its details are complete.
    func hold(_ alert: Alert) -> Outbox.Ticket {
        let alert = withSource(alert)
        threads.note(alert)
        return outbox.hold(alert)
    }

    /// Takes over an alert of an earlier run that was killed before it knew the details.
    func restore(_ spooled: SpooledAlert, _ key: Spool.Key) {
        guard let ticket = outbox.hold(spooled, key) else { return }
        completeRestored(ticket, spooled.alert)
    }

    /// Sends a stored alert, unless it is counted because the listener has sent too many.
    ///
    /// - Returns: Whether it is sent at once.
    @discardableResult
    func release(_ ticket: Outbox.Ticket, _ alert: Alert) -> Bool {
        guard flood.admitsFromListener(alert.incidents) else {
            dropThreads([alert.identity])
            outbox.discard(ticket)
            postToStatefulChannels(alert)
            return false
        }
        let alert = withNotice(alert)
        outbox.release(ticket, with: alert)
        activeAlerts?.note(alert)
        // Its subject may contain details that were not known before.
        threads.move([alert.identity], to: alert)
        threads.note(startOf: alert)
        return true
    }

    /// Sends one alert in place of several stored ones.
    ///
    /// - Parameters:
    ///   - held: The stored alerts.
    ///   - alert: The alert about all of their incidents.
    func release(_ held: [(ticket: Outbox.Ticket, alert: Alert)], as alert: Alert) {
        let identities = Set(held.map(\.alert.identity))
        if flood.admitsFromListener(alert.incidents) {
            let alert = withNotice(alert)
            // It is in the spool before the others leave it.
            outbox.post(alert)
            activeAlerts?.note(alert)
            threads.move(identities, to: alert)
        } else {
            dropThreads(identities)
            postToStatefulChannels(alert)
        }
        for (ticket, _) in held { outbox.discard(ticket) }
    }

    /// Ends the threads of alerts that are not sent: what was counted since begins another one.
    private func dropThreads(_ alerts: Set<Alert.Identity>) {
        threads.drop(alerts)
        flood.forget(alerts)
    }

    /// Discards a stored alert that turned out not to be needed.
    func discard(_ ticket: Outbox.Ticket, _ alert: Alert) {
        dropThreads([alert.identity])
        outbox.discard(ticket)
    }

    /// The alert, with a notice if events were dropped.
    private func withNotice(_ alert: Alert) -> Alert {
        let alert = withSource(alert)
        guard let notice = gaps.takeNotice() else { return alert }
        return alert.with("\(alert.body)\n\n\(notice)", of: alert.incidents)
    }

    private func withSource(_ alert: Alert) -> Alert {
        presentation.applied(to: alert.with(alert.body, of: alert.incidents.map(withSource)))
    }

    /// Adds to an incident what the operator has set for all alerts, and where it occurred.
    func presented(_ incident: Incident) -> Incident {
        presentation.complete(withSource(incident))
    }

    /// The incident with the header of the latest event, if it has none of its own, and with its
    /// start.
    private func withSource(_ incident: Incident) -> Incident {
        var incident = activeAlerts?.continued(incident) ?? incident
        guard incident.header.isEmpty else { return incident }
        incident.header = header.filter { ["ver", "server", "pool"].contains($0.key) }
        return incident
    }
}

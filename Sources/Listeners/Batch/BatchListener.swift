internal import Alerting
internal import ListenerProtocol
internal import SupervisorRPC
internal import System
internal import Text

/// Collects messages and reports them together: crashmailbatch, fatalmailbatch and crashsms.
///
/// `BatchBody` writes the mail. superlance's lines are in ``BatchKind``.
final class BatchListener: Listener {
    private let options: BatchOptions
    private let kind: BatchKind
    private let sender: String
    private let recipients: String
    private var batch: Batch
    /// Batches to be sent as soon as their diagnoses are complete.
    private var due: [[StoredIncident]] = []
    private var unexplained: Set<ObjectIdentifier> = []
    /// The batch that waits for the present states of its processes.
    private var waiting: [StoredIncident] = []
    private unowned let runtime: Runtime
    private let reporter: IncidentReporter
    private let missedEventScan: MissedEventScan
    private let recovery: RecoveryMonitor?

    /// Creates the listener.
    ///
    /// - Parameters:
    ///   - options: The command line.
    ///   - kind: The tool.
    ///   - settings: The settings that all tools share.
    ///   - client: The connection to supervisord, if there is one.
    ///   - runtime: The runtime, which outlives the listener.
    init(
        _ options: BatchOptions, kind: BatchKind, _ settings: Settings,
        _ client: SupervisorClient?, _ runtime: Runtime
    ) {
        self.kind = kind
        self.options = options
        self.runtime = runtime
        batch = Batch(interval: options.interval)
        sender = settings.envelope?.sender.headerText ?? ""
        recipients = settings.envelope?.recipients.map(\.headerText).joined(separator: ", ") ?? ""
        // A text message has no room for diagnostics, but the diagnosis also detects a shutdown,
        // which must not be reported as a crash.
        reporter = IncidentReporter(
            runtime, client: client, lineCount: kind == .crashSMS ? nil : options.logLines)
        recovery = options.reportsRecovery ? RecoveryMonitor(runtime) : nil
        missedEventScan = MissedEventScan(
            client: client, own: settings.environment.own, kinds: [kind.incident])
        runtime.alerts.hasSubjects = kind != .crashSMS
        if kind != .crashSMS { runtime.alerts.complete = reporter.complete }
        missedEventScan.begin(runtime) { [unowned self] finding in collect(finding) }
    }

    func restore(_ kept: StoredIncident) {
        let incident = kept.incident
        missedEventScan.note(reported: incident)
        batch.add(kept)
        guard incident.lacksReason else { return }
        unexplained.insert(ObjectIdentifier(kept))
        reporter.explainRestored(incident) { [unowned self] explained in
            unexplained.remove(ObjectIdentifier(kept))
            kept.update(explained)
            sendDue()
        }
    }

    func handle(_ content: EventContent, of name: EventName) {
        reporter.note(content, of: name)
        switch content {
        case .processState(let change):
            recovery?.note(change, name)
            missedEventScan.note(change, name)
            collect(change, name)
        case .tick(let tick) where name == options.tick:
            if batch.pass(seconds: tick.period) { send() }
        default:
            return
        }
    }

    func finish(completion: @escaping () -> Void) {
        reporter.finish { [unowned self] in
            sendWaiting()
            send()
            completion()
        }
    }

    private func collect(_ change: ProcessStateChange, _ name: EventName) {
        let time = Timestamp.now
        guard var text = kind.message(change, name, at: time) else { return }
        if let series = series(of: change.process) {
            let earlier = batch.incidents.count { $0.incident.process == change.process }
            text += " \(series.remark(after: earlier))"
        }
        guard !reporter.suppresses(text, kind.incident) else { return }
        runtime.log.write(.warning, text)
        collect(reporter.incident(change, kind.incident, message: text, at: time))
    }

    /// Collects an incident that occurred while no listener was running.
    private func collect(_ finding: MissedEventScan.Finding) {
        let text = kind.message(finding)
        runtime.log.write(.warning, text)
        collect(finding.incident(text), isOld: true)
    }

    private func collect(_ incident: Incident, isOld: Bool = false) {
        guard !runtime.alerts.isSilenced(incident) else { return }
        let kept = StoredIncident(incident, in: runtime.spool)
        batch.add(kept)
        unexplained.insert(ObjectIdentifier(kept))
        reporter.explain(incident, isOld: isOld) { [unowned self] explained in
            unexplained.remove(ObjectIdentifier(kept))
            if let explained {
                kept.update(explained)
            } else {
                batch.remove(kept)
                for index in due.indices { due[index].removeAll { $0 === kept } }
            }
            sendDue()
        }
    }

    private func send() {
        due.append(batch.take())
        sendDue()
    }

    /// Sends the due batches in order, up to the first one that is still being diagnosed.
    private func sendDue() {
        while waiting.isEmpty, let next = due.first,
            !next.contains(where: { unexplained.contains(ObjectIdentifier($0)) })
        {
            due.removeFirst()
            waiting = next
            reporter.addPresentStates(to: next.map(\.incident)) { [unowned self] incidents in
                // Otherwise the program is exiting, and has sent it.
                guard !waiting.isEmpty else { return }
                for (kept, incident) in zip(waiting, incidents) { kept.update(incident) }
                sendWaiting()
                sendDue()
            }
        }
    }

    private func sendWaiting() {
        let kept = waiting
        waiting = []
        send(kept)
    }

    /// The incidents of processes that may be in an alert now; the others are counted.
    private func admitted(_ kept: [StoredIncident]) -> [StoredIncident] {
        // A batch is one alert about each process, however often that died.
        var named: Set<ProcessName?> = []
        return kept.filter { kept in
            let incident = kept.incident
            if named.contains(incident.process) { return true }
            guard runtime.alerts.admits(incident) else {
                kept.forget()
                return false
            }
            named.insert(incident.process)
            return true
        }
    }

    /// The series of a FATAL process that was FATAL before.
    private func series(of process: ProcessName?) -> FatalSeries? {
        kind == .fatalMail ? FatalSeries(of: process, in: runtime.alerts.threads) : nil
    }

    private func send(_ kept: [StoredIncident]) {
        let kept = admitted(kept)
        let incidents = kept.map { runtime.alerts.presented($0.incident) }
        guard let first = incidents.first else { return }
        let messages = incidents.map(\.message)
        let body =
            kind == .crashSMS
            ? TextMessage.of(messages, host: HostName.current) : BatchBody.of(incidents)
        // Only if all of it belongs to what was reported before.
        let series = incidents.map { self.series(of: $0.process) }
        let start = series.contains { $0 == nil } ? nil : series.first??.start
        let alert = Alert(
            subject: start?.reply ?? options.subject, body: body, time: first.time, date: .now,
            incidents: incidents, predecessor: start?.identity)
        // Only now is the alert itself in the spool.
        defer { kept.forEach { $0.forget() } }
        guard runtime.alerts.postAdmitted(alert, hasRoom: kind != .crashSMS) else { return }
        runtime.log.write(
            .info,
            """
            Sending notification email:
            To: \(recipients)
            From: \(sender)
            Subject: \(alert.subject ?? "None")
            Body:
            \(Self.logged(messages))
            """)
    }
    /// The beginning of superlance's lines, as superlance logs it below `Body:`.
    ///
    /// - Parameter messages: The lines.
    /// - Returns: The first 76 characters, followed by `...` if there are more.
    private static func logged(_ messages: [String]) -> String {
        let text = messages.joined(separator: "\n")
        return text.unicodeScalars.count > 76 ? "\(text.prefix(scalars: 76))..." : text
    }
}

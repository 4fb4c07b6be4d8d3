// crashmailbatch, fatalmailbatch and crashsms: collect messages and tell them together.

internal import Alerting
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// Collects messages and tells them together: crashmailbatch, fatalmailbatch and crashsms.
final class BatchListener: Listener {
    private let options: BatchOptions
    private let kind: BatchKind
    private let client: SupervisorClient?
    private let sender: String
    private let recipients: String
    private var batch: Batch
    /// Batches that are to be told as soon as they are explained.
    private var due: [[KeptIncident]] = []
    private var unexplained: Set<ObjectIdentifier> = []
    private var witness: IncidentReporter?
    private var recovery: RecoveryMonitor?
    private var missedEventScan: MissedEventScan?
    private let own: ProcessName?

    init(_ settings: Settings, kind: BatchKind) throws(UsageError) {
        self.kind = kind
        options = try BatchOptions(settings, kind: kind)
        client = try settings.optionalClient()
        own = settings.host.own
        batch = Batch(interval: options.interval)
        sender = settings.mailing?.sender.headerText ?? ""
        recipients = settings.mailing?.recipients.map(\.headerText).joined(separator: ", ") ?? ""
    }

    func begin(_ runtime: Runtime) {
        // A text message has no room for what is found out, but a shutdown is no crash there either.
        witness = IncidentReporter(
            runtime, client: client, lineCount: kind == .crashSMS ? 0 : options.logLines)
        if options.tellsRecovery { recovery = RecoveryMonitor(runtime) { $0 } }
        missedEventScan = MissedEventScan(client: client, own: own, kinds: [kind.incident])
        missedEventScan?.begin(runtime) { [unowned self] finding in collect(finding, runtime) }
    }

    func restore(_ incident: KeptIncident) {
        batch.add(incident)
    }

    func handle(_ content: EventContent, of name: EventName, by runtime: Runtime) {
        switch content {
        case .processState(let change):
            recovery?.note(change, name)
            missedEventScan?.note(change, name)
            collect(change, name, runtime)
        case .tick(let tick) where name == options.tick:
            if batch.pass(seconds: tick.period) { send(runtime) }
        case .supervisorStopping:
            witness?.isShuttingDown = true
        default:
            return
        }
    }

    func finish(_ runtime: Runtime, completion: @escaping () -> Void) {
        witness?.finish { [unowned self] in
            send(runtime)
            completion()
        }
    }

    private func collect(_ change: ProcessStateChange, _ name: EventName, _ runtime: Runtime) {
        let time = Timestamp.now
        guard let witness, let text = kind.message(change, name, at: time) else { return }
        guard !witness.isShuttingDown else {
            return runtime.log.note("not telling, supervisord is shutting down: \(text)")
        }
        runtime.log.say(text)
        collect(witness.incident(change, kind.incident, message: text, at: time), runtime)
    }

    /// Collects what happened while no listener was there.
    private func collect(_ finding: MissedEventScan.Finding, _ runtime: Runtime) {
        let process = finding.process
        let text = kind.message(finding)
        runtime.log.say(text)
        collect(
            Incident(
                finding.kind, at: finding.time,
                to: Incident.Process(group: process.group, name: process.name), message: text,
                diagnostics: Diagnostics(host: HostName.current)), isOld: true, runtime)
    }

    private func collect(_ incident: Incident, isOld: Bool = false, _ runtime: Runtime) {
        let kept = KeptIncident(incident, in: runtime.spool)
        batch.add(kept)
        unexplained.insert(ObjectIdentifier(kept))
        witness?.explain(incident, isOld: isOld) { [unowned self] explained in
            unexplained.remove(ObjectIdentifier(kept))
            if let explained {
                kept.update(explained)
            } else {
                batch.remove(kept)
                for index in due.indices { due[index].removeAll { $0 === kept } }
            }
            sendDue(runtime)
        }
    }

    private func send(_ runtime: Runtime) {
        due.append(batch.take())
        sendDue(runtime)
    }

    /// Sends what is due, up to where something is still being looked into.
    private func sendDue(_ runtime: Runtime) {
        while let next = due.first,
            !next.contains(where: { unexplained.contains(ObjectIdentifier($0)) })
        {
            due.removeFirst()
            send(next, runtime)
        }
    }

    private func send(_ kept: [KeptIncident], _ runtime: Runtime) {
        let incidents = kept.map(\.incident)
        guard let first = incidents.first else { return }
        let messages = incidents.map(\.message)
        let body =
            kind == .crashSMS
            ? TextMessage.of(messages, host: HostName.current) : BatchText.of(incidents)
        let alert = Alert(
            subject: options.subject, body: body, time: first.time, incidents: incidents)
        let lines = messages.joined(separator: "\n")
        runtime.log.say(
            """
            Sending notification email:
            To: \(recipients)
            From: \(sender)
            Subject: \(alert.subject ?? "None")
            Body:
            \(lines.count > 76 ? "\(lines.prefix(76))..." : lines)
            """)
        runtime.post(alert, hasRoom: kind != .crashSMS)
        // Only now is the alert itself in the spool.
        kept.forEach { $0.forget() }
        for incident in incidents { recovery?.told(incident, by: alert) }
    }
}

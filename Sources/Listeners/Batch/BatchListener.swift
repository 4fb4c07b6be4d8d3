// crashmailbatch, fatalmailbatch and crashsms: collect messages and tell them together.

internal import Alerting
internal import ListenerProtocol

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
    private var witness: Witness?
    private var recovery: RecoveryWatch?
    private var firstLook: FirstLook?
    private let own: Namespec?

    init(_ settings: Settings, kind: BatchKind) throws(UsageError) {
        self.kind = kind
        options = try BatchOptions(settings, kind: kind)
        client = try settings.optionalClient()
        own = settings.host.own
        batch = Batch(interval: options.interval)
        sender = settings.mailing?.sender.headerText ?? ""
        recipients = settings.mailing?.recipients.map(\.headerText).joined(separator: ", ") ?? ""
    }

    func begin(_ resident: Resident) {
        // A text message has no room for what is found out, but a shutdown is no crash there either.
        witness = Witness(
            resident, client: client, lineCount: kind == .crashSMS ? 0 : options.logLines)
        if options.tellsRecovery { recovery = RecoveryWatch(resident) { $0 } }
        firstLook = FirstLook(client: client, own: own, kinds: [kind.incident])
        firstLook?.begin(resident) { [unowned self] finding in collect(finding, resident) }
    }

    func restore(_ incident: KeptIncident) {
        batch.add(incident)
    }

    func handle(_ content: EventContent, of name: EventName, by resident: Resident) {
        switch content {
        case .processState(let change):
            recovery?.note(change, name)
            firstLook?.note(change, name)
            collect(change, name, resident)
        case .tick(let tick) where name == options.tick:
            if batch.pass(seconds: tick.period) { send(resident) }
        case .supervisorStopping:
            witness?.isShuttingDown = true
        default:
            return
        }
    }

    func finish(_ resident: Resident, completion: @escaping () -> Void) {
        witness?.finish { [unowned self] in
            send(resident)
            completion()
        }
    }

    private func collect(_ change: ProcessStateChange, _ name: EventName, _ resident: Resident) {
        let time = Timestamp.now
        guard let witness, let text = kind.message(change, name, at: time) else { return }
        guard !witness.isShuttingDown else {
            return resident.log.note("not telling, supervisord is shutting down: \(text)")
        }
        resident.log.say(text)
        collect(witness.incident(change, kind.incident, message: text, at: time), resident)
    }

    /// Collects what happened while no listener was there.
    private func collect(_ finding: FirstLook.Finding, _ resident: Resident) {
        let process = finding.process
        let text = kind.message(finding)
        resident.log.say(text)
        collect(
            Incident(
                finding.kind, at: finding.time,
                to: Incident.Process(group: process.group, name: process.name), message: text,
                explanation: Explanation(host: HostName.current)), isOld: true, resident)
    }

    private func collect(_ incident: Incident, isOld: Bool = false, _ resident: Resident) {
        let kept = KeptIncident(incident, in: resident.spool)
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
            sendDue(resident)
        }
    }

    private func send(_ resident: Resident) {
        due.append(batch.take())
        sendDue(resident)
    }

    /// Sends what is due, up to where something is still being looked into.
    private func sendDue(_ resident: Resident) {
        while let next = due.first,
            !next.contains(where: { unexplained.contains(ObjectIdentifier($0)) })
        {
            due.removeFirst()
            send(next, resident)
        }
    }

    private func send(_ kept: [KeptIncident], _ resident: Resident) {
        let incidents = kept.map(\.incident)
        guard let first = incidents.first else { return }
        let messages = incidents.map(\.message)
        let body =
            kind == .crashSMS
            ? TextMessage.of(messages, host: HostName.current) : BatchText.of(incidents)
        let alert = Alert(
            subject: options.subject, body: body, time: first.time, incidents: incidents)
        let lines = messages.joined(separator: "\n")
        resident.log.say(
            """
            Sending notification email:
            To: \(recipients)
            From: \(sender)
            Subject: \(alert.subject ?? "None")
            Body:
            \(lines.count > 76 ? "\(lines.prefix(76))..." : lines)
            """)
        resident.post(alert, hasRoom: kind != .crashSMS)
        // Only now is the alert itself in the spool.
        kept.forEach { $0.forget() }
        for incident in incidents { recovery?.told(incident, by: alert) }
    }
}

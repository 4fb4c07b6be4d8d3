// crashmailbatch, fatalmailbatch and crashsms: collect messages and tell them together.

internal import Alerting
internal import ListenerProtocol

/// Collects messages and tells them together: crashmailbatch, fatalmailbatch and crashsms.
final class BatchListener: Listener {
    private let options: BatchOptions
    private let kind: BatchKind
    private let sender: String
    private let recipients: String
    private var batch: Batch

    init(_ settings: Settings, kind: BatchKind) throws(UsageError) {
        self.kind = kind
        options = try BatchOptions(settings, kind: kind)
        batch = Batch(interval: options.interval)
        sender = settings.mailing?.sender.headerText ?? ""
        recipients = settings.mailing?.recipients.map(\.headerText).joined(separator: ", ") ?? ""
    }

    func handle(_ content: EventContent, of name: EventName, by resident: Resident) {
        switch content {
        case .processState(let change):
            let time = Timestamp.now
            guard let text = kind.message(change, name, at: time) else { return }
            resident.log.say(text)
            batch.add(text, at: time)
        case .tick(let tick) where name == options.tick:
            if batch.pass(seconds: tick.period) { send(resident) }
        default:
            return
        }
    }

    func finish(_ resident: Resident) {
        send(resident)
    }

    private func send(_ resident: Resident) {
        guard let alert = batch.take(subject: options.subject) else { return }
        let body = alert.body.count > 76 ? "\(alert.body.prefix(76))..." : alert.body
        resident.log.say(
            """
            Sending notification email:
            To: \(recipients)
            From: \(sender)
            Subject: \(alert.subject ?? "None")
            Body:
            \(body)
            """)
        resident.outbox.post(alert)
    }
}

internal import EventLoop
internal import System

/// What the log says of deliveries.
final class DeliveryLog {
    private let log: Log
    private let confirms: Bool
    /// When it was last logged what keeps a channel from delivering, by channel and what to check.
    private var complaints: [String: Instant] = [:]

    /// What somebody has to change is logged so often.
    private static let complaintInterval = Duration.seconds(3_600)

    /// Makes a log.
    ///
    /// - Parameters:
    ///   - log: Where lines go.
    ///   - confirms: Whether mail that was delivered is logged with `Mailed:`.
    init(_ log: Log, confirms: Bool) {
        self.log = log
        self.confirms = confirms
    }

    /// The tool's name.
    var tool: String { log.tool }

    /// Alerts have arrived.
    func delivered(_ entries: [QueuedAlert], by channel: any Channel, to targets: [String]) {
        complaints = complaints.filter { !$0.key.hasPrefix("\(channel.identity)\t") }
        let recipients = targets.joined(separator: ", ")
        if entries.count > 1 {
            // A web service may have got them in several requests.
            let way = channel.isMail ? "as one digest to" : "to"
            log.report("delivered \(entries.count) alerts \(way) \(recipients)")
        } else if confirms && channel.isMail, let entry = entries.first {
            log.write("Mailed:\n\nTo: \(recipients)\n\(entry.message.text)")
        }
    }

    /// An attempt has failed.
    func failed(
        on queue: DeliveryQueue, _ outcome: Outcome, pause: Duration?, at now: Instant,
        isFinishing: Bool
    ) {
        guard !isFinishing else { return log.report("not delivered: \(outcome.reason)") }
        if outcome.isBlocked && isRepeated(queue.channel, outcome.reason, at: now) { return }
        let again = pause.map {
            ", retrying in \(max(1, Int(($0 / .seconds(1)).rounded()))) s"
        }
        log.report(
            "not delivered (\(queue.waiting.count) waiting\(again ?? "")): \(outcome.reason)")
    }

    /// Whether the same was logged less than an hour ago.
    ///
    /// Servers put numbers and times into their words, so that only what to check is compared.
    private func isRepeated(_ channel: any Channel, _ reason: String, at now: Instant) -> Bool {
        let remedy = reason.split(separator: ";").last ?? ""
        let key = "\(channel.identity)\t\(remedy)"
        if let last = complaints[key], now - last < Self.complaintInterval { return true }
        complaints[key] = now
        return false
    }

    /// A digest goes again in parts.
    func splitting(_ count: Int, _ reason: String) {
        log.report("a digest of \(count) alerts was rejected, sending it in parts: \(reason)")
    }

    /// An alert goes again with less text.
    func shortening(_ entries: [QueuedAlert], for targets: [String], _ reason: String) {
        let recipients = targets.joined(separator: ", ")
        for entry in entries {
            let rest = entry.brevity == .withoutLogs ? "without the ends of logs" : "as headlines"
            log.report(
                "too large, sending an alert of \(entry.alert.time.asctime) to \(recipients) "
                    + "\(rest): \(reason)")
        }
    }

    /// Some were refused what others have.
    func refusedForSome(_ targets: [String], _ reason: String) {
        log.report(
            "rejected for \(targets.joined(separator: ", ")), delivered to the others: \(reason)")
    }

    /// Writes alerts as a whole, the last place where they can stand.
    func giveUp(_ entries: [QueuedAlert], of targets: [String], _ reason: String) {
        let recipients = targets.joined(separator: ", ")
        for entry in entries {
            log.report(
                """
                dropping an alert of \(entry.alert.time.asctime) to \(recipients): \(reason)
                \(entry.alert.text)
                """)
        }
    }

    /// Writes what is not in the spool as a whole.
    func abandon(_ entries: [QueuedAlert], of targets: [String], _ reason: String) {
        abandon(unread: entries.count(where: \.pending.isKept), reason)
        giveUp(entries.filter { !$0.pending.isKept }, of: targets, reason)
    }

    /// Alerts stay in the spool.
    func abandon(unread count: Int, _ reason: String) {
        if count > 0 { log.report("\(count) alerts remain in the spool: \(reason)") }
    }

    /// Writes alerts as a whole that were still held.
    func abandon(held: [PendingAlert]) {
        for pending in held {
            let alert = pending.alert
            log.report(
                "dropping an alert of \(alert.time.asctime): this program ends\n\(alert.text)")
        }
    }
}

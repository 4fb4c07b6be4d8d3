internal import EventLoop
internal import System

/// Logs deliveries.
final class DeliveryLog {
    private let log: Log
    private let confirms: Bool
    /// When each obstacle was last logged, by channel and by what to check.
    private var lastLogged: [String: Instant] = [:]

    /// The interval at which an obstacle that an operator must fix is logged.
    private static let repetitionInterval = Duration.seconds(3_600)

    /// Creates a log of deliveries.
    ///
    /// - Parameters:
    ///   - log: The log.
    ///   - confirms: Whether delivered mail is logged with `Mailed:`.
    init(_ log: Log, confirms: Bool) {
        self.log = log
        self.confirms = confirms
    }

    /// The tool's name.
    var tool: String { log.tool }

    /// Logs delivered alerts.
    func delivered(_ entries: [QueuedAlert], by channel: any Channel, to targets: [String]) {
        lastLogged = lastLogged.filter { !$0.key.hasPrefix("\(channel.identity)\t") }
        let recipients = targets.joined(separator: ", ")
        guard let entry = entries.first, entries.count == 1 else {
            return report(entries.count, by: channel, to: recipients)
        }
        if confirms && channel.isMail {
            log.write(.info, "Mailed:\n\nTo: \(recipients)\n\(entry.message.text)")
        }
        let title = Self.title(of: entry.alert)
        log.report(
            .routine,
            channel.isMail
                ? "delivered by \(channel.name) to \(recipients): \(title)"
                // The name of a web service contains its address.
                : "delivered by \(channel.name): \(title)")
    }

    private func report(_ count: Int, by channel: any Channel, to recipients: String) {
        log.report(
            .routine,
            channel.isMail
                ? "delivered \(count) alerts as one digest by \(channel.name) to \(recipients)"
                // A web service may have got them in several requests.
                : "delivered \(count) alerts by \(channel.name)")
    }

    /// Logs an alert that is for none of the channels.
    func hasNoRecipients(_ alert: Alert) {
        log.report(
            .warning, "not sent, as no --route matches and -m is not set: \(Self.title(of: alert))")
    }

    /// The subject or, for a text message, the first line.
    private static func title(of alert: Alert) -> String {
        let text = alert.subject ?? alert.body
        return String(text.split(separator: "\n").first ?? "")
    }

    /// Logs a failed attempt.
    func failed(
        on queue: DeliveryQueue, _ outcome: Outcome, pause: Duration?, at now: Instant,
        isFinishing: Bool
    ) {
        guard !isFinishing else { return log.report(.warning, "not delivered: \(outcome.reason)") }
        if outcome.isBlocked && isRepeated(queue.channel, outcome.reason, at: now) { return }
        let again = pause.map {
            ", retrying in \(max(1, Int(($0 / .seconds(1)).rounded()))) s"
        }
        log.report(
            .warning,
            "not delivered (\(queue.waiting.count) waiting\(again ?? "")): \(outcome.reason)")
    }

    /// Logs a rejection that is not final yet; the reason ends with what to check.
    func held(on queue: DeliveryQueue, _ reason: String, at now: Instant, isFinishing: Bool) {
        guard !isFinishing else { return log.report(.warning, "not delivered: \(reason)") }
        guard !isRepeated(queue.channel, reason, at: now) else { return }
        let pause = queue.holdEnd.map { max(1, Int((($0 - now) / .seconds(1)).rounded())) } ?? 1
        log.report(
            .warning,
            "not delivered (\(queue.waiting.count) waiting, retrying in \(pause) s): \(reason)")
    }

    /// Whether the same obstacle was logged less than an hour ago.
    ///
    /// Servers include numbers and times in their replies, so only what to check is compared.
    private func isRepeated(_ channel: any Channel, _ reason: String, at now: Instant) -> Bool {
        let remedy = reason.split(separator: ";").last ?? ""
        let key = "\(channel.identity)\t\(remedy)"
        if let last = lastLogged[key], now - last < Self.repetitionInterval { return true }
        lastLogged[key] = now
        return false
    }

    /// Logs that a digest is sent again in parts.
    func splitting(_ count: Int, _ reason: String) {
        log.report(
            .warning, "a digest of \(count) alerts was rejected, sending it in parts: \(reason)")
    }

    /// Logs that an alert is sent again with less text.
    func shortening(_ entries: [QueuedAlert], for targets: [String], _ reason: String) {
        let recipients = targets.joined(separator: ", ")
        for entry in entries {
            let rest = entry.brevity == .withoutLogs ? "without the ends of logs" : "as headlines"
            log.report(
                .warning,
                "too large, sending an alert of \(entry.alert.time.asctime) to \(recipients) "
                    + "\(rest): \(reason)")
        }
    }

    /// Logs targets that rejected an alert which others accepted.
    func refusedForSome(_ targets: [String], _ reason: String) {
        log.report(
            .warning,
            "rejected for \(targets.joined(separator: ", ")), delivered to the others: \(reason)")
    }

    /// Logs alerts in full, because they are stored nowhere else.
    func droppedInFull(_ entries: [QueuedAlert], of targets: [String], _ reason: String) {
        let recipients = targets.joined(separator: ", ")
        for entry in entries {
            log.report(
                .error,
                """
                dropping an alert of \(entry.alert.time.asctime) to \(recipients): \(reason)
                \(entry.alert.text)
                """)
        }
    }

    /// Logs an alert in full that a server rejects even as headlines, and that is kept.
    func heldInFull(_ entry: QueuedAlert, of targets: [String], _ reason: String) {
        let recipients = targets.joined(separator: ", ")
        log.report(
            .warning,
            """
            keeping an alert of \(entry.alert.time.asctime) to \(recipients) until its size is accepted: \(reason)
            \(entry.alert.text)
            """)
    }

    /// Logs alerts in full that are not in the spool.
    func undelivered(_ entries: [QueuedAlert], of targets: [String], _ reason: String) {
        remainInSpool(entries.count(where: \.pending.isKept), reason)
        droppedInFull(entries.filter { !$0.pending.isKept }, of: targets, reason)
    }

    /// Logs the number of alerts that remain in the spool.
    func remainInSpool(_ count: Int, _ reason: String) {
        if count > 0 { log.report(.warning, "\(count) alerts remain in the spool: \(reason)") }
    }

    /// Logs held alerts in full.
    func droppedInFull(held: [PendingAlert]) {
        for pending in held {
            let alert = pending.alert
            log.report(
                .error,
                "dropping an alert of \(alert.time.asctime): the listener is exiting\n\(alert.text)"
            )
        }
    }
}

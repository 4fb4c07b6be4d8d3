// Processes rejections, which are not final at first.

internal import EventLoop
internal import System

extension Outbox {
    /// Records that a channel works: the held alerts are sent again.
    func noteAcceptance(of entries: [QueuedAlert], by channel: any Channel) {
        acceptances[channel.identity, default: 0] += 1
        for queue in queues where queue.channel.identity == channel.identity {
            queue.endHold()
            if entries.contains(where: \.isHeld) { queue.releaseHeld() }
            guard channel.tracksResolution else { continue }
            for entry in queue.removeSuperseded(by: entries) {
                size -= entry.weight
                drop([entry], of: queue.targets, by: channel, entry.rejection?.reason ?? "")
            }
        }
    }

    /// Drops the alerts of which the rejection is final, and holds the others.
    func refuse(
        _ entries: [QueuedAlert], by channel: any Channel, _ outcome: Outcome
    ) {
        var (arrived, lost, held): ([QueuedAlert], [QueuedAlert], [QueuedAlert]) = ([], [], [])
        for entry in entries {
            if entry.hasArrived || !outcome.accepted.isEmpty {
                arrived.append(entry)
            } else if entries.count == 1 && isCause(entry, by: channel) {
                lost.append(entry)
            } else {
                held.append(entry)
            }
        }
        if !arrived.isEmpty {
            log.refusedForSome(outcome.refused, outcome.reason)
            onDelivery(channel.name, .refused, arrived.count)
        }
        for entry in arrived { entry.pending.finish(outcome.refused, of: channel.identity) }
        if !lost.isEmpty { drop(lost, of: outcome.refused, by: channel, outcome.reason) }
        hold(held, by: channel, outcome)
    }

    /// Whether an alert that was rejected on its own is the cause: the channel has accepted another
    /// one since its first rejection.
    private func isCause(_ entry: QueuedAlert, by channel: any Channel) -> Bool {
        guard let rejection = entry.rejection, !rejection.isAboutSize else { return false }
        return rejection.acceptances < acceptances[channel.identity, default: 0]
    }

    /// Keeps an alert of which even the headlines are too large, to offer it in full again.
    ///
    /// Other accepted alerts do not make this final, because they may be smaller.
    func holdForSize(_ entry: QueuedAlert, by channel: any Channel, _ outcome: Outcome) {
        // Until somebody raises the limit, the log is where its text can be read.
        if entry.rejection == nil { log.heldInFull(entry, of: outcome.tooLarge, outcome.reason) }
        var entry = entry
        entry.brevity = .full
        entry.note(outcome.reason, after: 0, isAboutSize: true)
        hold(
            [entry], by: channel, outcome.rejectingTooLarge,
            remedy: channel.isMail ? outcome.sizeRemedy : channel.rejectionRemedy)
    }

    /// Keeps rejected alerts to send them again.
    private func hold(
        _ entries: [QueuedAlert], by channel: any Channel, _ outcome: Outcome,
        remedy: String? = nil
    ) {
        let now = clock.now()
        let queue = self.queue(to: outcome.refused, of: channel)
        let entries = unexpired(entries, outcome.refused, outcome, at: now)
        guard !entries.isEmpty else { return }
        for var entry in entries {
            entry.rejection?.isHeld = true
            size += entry.weight
            queue.hold(entry, at: now) { rejections in
                Backoff.blocked.pause(after: rejections, using: &generator)
            }
        }
        onDelivery(channel.name, .retried, entries.count)
        log.held(
            on: queue, "\(outcome.reason); \(remedy ?? channel.rejectionRemedy)", at: now,
            isFinishing: isFinishing)
    }

    /// Logs rejected alerts in full.
    private func drop(
        _ entries: [QueuedAlert], of targets: [String], by channel: any Channel, _ reason: String
    ) {
        log.droppedInFull(entries, of: targets, reason)
        onDelivery(channel.name, .refused, entries.count)
        for entry in entries { entry.pending.finish(targets, of: channel.identity) }
    }
}

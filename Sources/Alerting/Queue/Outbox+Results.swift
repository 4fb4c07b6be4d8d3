// Processes the results of attempts.

internal import EventLoop
internal import System

extension Outbox {
    /// Processes the result of an attempt that has ended.
    func apply(
        _ entries: [QueuedAlert], of attempt: Attempt, _ report: ChildReport,
        on queue: DeliveryQueue, asProbe isProbe: Bool
    ) {
        let pieces = pieces(entries, of: attempt, report, on: queue)
        var groups: [(outcome: Outcome, entries: [QueuedAlert])] = []
        for (entry, statuses) in pieces {
            let outcome = Outcome(
                targets: queue.targets, statuses: statuses, hasArrived: entry.hasArrived)
            if let index = groups.firstIndex(where: { $0.outcome == outcome }) {
                groups[index].entries.append(entry)
            } else {
                groups.append((outcome, [entry]))
            }
        }
        size -= entries.reduce(0) { $0 + $1.weight }
        if groups.contains(where: \.outcome.isConclusive) { queue.open(asProbe: isProbe) }
        let before = acceptances[queue.channel.identity, default: 0]
        let accepted = groups.filter { !$0.outcome.accepted.isEmpty }.flatMap(\.entries)
        if !accepted.isEmpty { noteAcceptance(of: accepted, by: queue.channel) }
        if entries.count > 1, queue.channel.isMail, !accepted.isEmpty {
            onDigest(
                Set(entries.map(\.identity)), startOfDigest(entries, by: queue.channel),
                queue.channel)
        }
        for (outcome, group) in groups {
            apply(group, of: pieces.count, on: queue, outcome, after: before)
        }
    }

    /// The digest of some alerts as the first mail of a thread, with the subject that it was sent
    /// with.
    private func startOfDigest(
        _ entries: [QueuedAlert], by channel: any Channel
    ) -> ThreadStart {
        // This needs no texts, which may be in the spool.
        guard digestSubject != nil else { return Digest.start(of: entries, from: log.tool) }
        let messages = entries.map { $0.message.restricted(to: channel.concerns) }
        return ThreadStart(parcel(messages, of: entries, at: .now).digest)
    }

    private func apply(
        _ entries: [QueuedAlert], of count: Int, on queue: DeliveryQueue, _ outcome: Outcome,
        after acceptances: Int
    ) {
        let channel = queue.channel
        let entries = entries.map { entry in
            var entry = entry
            if !outcome.refused.isEmpty { entry.note(outcome.reason, after: acceptances) }
            return entry
        }
        if outcome.refused.count == queue.targets.count && entries.count > 1 && !queue.rejectsAll {
            return split(entries, of: count, on: queue, outcome)
        }
        for entry in entries { entry.pending.finish(outcome.accepted, of: channel.identity) }
        report(outcome, entries.count, by: channel)
        if !outcome.accepted.isEmpty {
            log.delivered(entries, by: channel, to: outcome.accepted)
        }
        if !outcome.tooLarge.isEmpty {
            shrink(entries, of: count, on: queue, outcome)
        }
        if !outcome.later.isEmpty { retry(entries, of: count, on: queue, outcome) }
        if !outcome.refused.isEmpty { refuse(entries, by: channel, outcome) }
    }

    private func report(_ outcome: Outcome, _ count: Int, by channel: any Channel) {
        if !outcome.accepted.isEmpty { onDelivery(channel.name, .delivered, count) }
        if !outcome.later.isEmpty || !outcome.tooLarge.isEmpty {
            onDelivery(channel.name, .retried, count)
        }
    }

    /// Sends the alerts of a rejected digest in smaller ones: some of them may be accepted.
    private func split(
        _ entries: [QueuedAlert], of count: Int, on queue: DeliveryQueue, _ outcome: Outcome
    ) {
        log.splitting(entries.count, outcome.reason)
        for var entry in entries {
            entry.separate(from: count)
            putBack(entry, on: queue)
        }
    }

    /// Immediately sends alerts that are too large again, with fewer others or less text.
    ///
    /// Headlines are small, so a server that rejects even them has a limit that is wrong for mail:
    /// they wait until an operator raises it.
    private func shrink(
        _ entries: [QueuedAlert], of count: Int, on queue: DeliveryQueue, _ outcome: Outcome
    ) {
        let channel = queue.channel
        if let limit = outcome.limit {
            limits[channel.identity] = SizeLimit(bytes: limit, at: clock.now())
        }
        let next = self.queue(to: outcome.tooLarge, of: channel)
        if count > 1 { log.splitting(entries.count, outcome.reason) }
        for var entry in entries {
            entry.hasArrived = entry.hasArrived || !outcome.accepted.isEmpty
            if count > 1 {
                entry.separate(from: count)
            } else if entry.shorten(to: outcome.limit) {
                if entry.rejection == nil {
                    log.shortening([entry], for: outcome.tooLarge, outcome.reason)
                }
            } else if entry.hasArrived {
                drop([entry], on: next, outcome.reason)
                continue
            } else {
                holdForSize(entry, by: channel, outcome)
                continue
            }
            putBack(entry, on: next)
        }
    }

    private func putBack(_ entry: QueuedAlert, on queue: DeliveryQueue) {
        size += entry.weight
        queue.add(entry)
    }

    private func retry(
        _ entries: [QueuedAlert], of count: Int, on queue: DeliveryQueue, _ outcome: Outcome
    ) {
        let now = clock.now()
        let next = self.queue(to: outcome.later, of: queue.channel)
        let entries = unexpired(entries, outcome.later, outcome, at: now)
        size += entries.reduce(0) { $0 + $1.weight }
        let backoff = outcome.isBlocked ? Backoff.blocked : .passing
        next.close(with: entries, of: count, at: now, isFinishing: isFinishing) { failures in
            max(backoff.pause(after: failures, using: &generator), outcome.pause)
        }
        guard isFinishing || !entries.isEmpty else { return }
        log.failed(
            on: next, outcome, pause: isFinishing ? nil : next.pause(at: now), at: now,
            isFinishing: isFinishing)
    }

    /// The alerts that are not too old; the others are logged.
    func unexpired(
        _ entries: [QueuedAlert], _ targets: [String], _ outcome: Outcome, at now: Instant
    ) -> [QueuedAlert] {
        entries.compactMap { entry in
            guard !entry.pending.expire(at: now) else {
                log.droppedInFull(
                    [entry], of: targets,
                    "undelivered for seven days, moved to failed/ in the spool: \(outcome.reason)"
                )
                return nil
            }
            var entry = entry
            entry.hasArrived = entry.hasArrived || !outcome.accepted.isEmpty
            return entry
        }
    }

    /// Drops alerts that are too large in any form.
    func drop(_ entries: [QueuedAlert], on queue: DeliveryQueue, _ reason: String) {
        let lost = entries.filter { !$0.hasArrived }
        if lost.isEmpty {
            log.refusedForSome(queue.targets, reason)
        } else {
            log.droppedInFull(lost, of: queue.targets, reason)
        }
        onDelivery(queue.channel.name, .refused, entries.count)
        for entry in entries { entry.pending.finish(queue.targets, of: queue.channel.identity) }
    }
}

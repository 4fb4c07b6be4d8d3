// Starts attempts.

internal import EventLoop
internal import System

extension Outbox {
    /// Starts all attempts that are due, and sets a timer for the others.
    func pump() {
        let now = clock.now()
        var hasStarted = true
        while hasStarted {
            hasStarted = false
            refill(at: now)
            // One from each queue in turn, so that no queue delays the others.
            for queue in queues.sorted(by: { $0.oldest < $1.oldest }) where hasSlot(queue, now) {
                if startNext(of: queue, at: now) { hasStarted = true }
            }
        }
        queues.removeAll(where: \.isIdle)
        scheduleWakening(at: now)
        if underway.isEmpty { onExhaustion?() }
    }

    /// The maximum size of a child's output in bytes: hundreds of recipients or requests have a
    /// reason each.
    private static let answerLimit = 4_194_304

    /// Whether one more delivery may begin.
    ///
    /// Deliveries to slow servers do not count, because they would delay all others for minutes. If
    /// there are several channels, none uses all slots.
    private func hasSlot(_ queue: DeliveryQueue, _ now: Instant) -> Bool {
        let busy = queues.filter { !$0.isSlow(at: now) }.reduce(0) { $0 + $1.attempts }
        let share = channels.count > 1 ? Self.concurrency / 2 : Self.concurrency
        return busy < Self.concurrency && queue.attempts < share
    }

    /// Starts the next attempt of a queue.
    ///
    /// - Returns: Whether an attempt was started.
    private func startNext(of queue: DeliveryQueue, at now: Instant) -> Bool {
        let number = nextNumber()
        let isProbe = queue.isProbing
        let room = room(of: queue.channel, at: now)
        var entries = queue.begin(number, at: now, isFinishing: isFinishing, room: room)
        guard !entries.isEmpty else { return false }
        guard let attempt = fit(&entries, on: queue, room) else {
            queue.end(number)
            size -= entries.reduce(0) { $0 + $1.weight }
            drop(
                entries, on: queue,
                "even its headlines are larger than \(Self.largestMessage) bytes")
            return true
        }
        underway[number] = (queue, entries)
        loop.start(
            attempt.program, input: attempt.input, deadline: attempt.deadline,
            limit: Self.answerLimit
        ) { [weak self] report in
            guard let self, underway.removeValue(forKey: number) != nil else { return }
            queue.end(number)
            apply(entries, of: attempt, report, on: queue, asProbe: isProbe)
            pump()
        }
        return true
    }

    /// The maximum size of a digest in bytes.
    private func room(of channel: any Channel, at now: Instant) -> Int {
        guard let limit = limits[channel.identity] else { return Self.largestMessage }
        guard !limit.isForgotten(at: now) else {
            limits[channel.identity] = nil
            return Self.largestMessage
        }
        return min(limit.bytes, Self.largestMessage)
    }

    /// Creates an attempt whose message is small enough, with fewer alerts or less text.
    ///
    /// Only digests are limited to the room: a single alert is offered in full, because its server
    /// may have a larger limit by now.
    ///
    /// - Returns: The attempt; nil if a single alert is too large even without its details.
    private func fit(
        _ entries: inout [QueuedAlert], on queue: DeliveryQueue, _ room: Int
    ) -> Attempt? {
        while true {
            let attempt = queue.channel.attempt(parcel(&entries), to: queue.targets)
            let limit = entries.count > 1 ? room : Self.largestMessage
            if attempt.size <= limit { return attempt }
            if entries.count > 1 {
                let rest = entries.suffix(entries.count / 2)
                entries.removeLast(rest.count)
                rest.forEach(queue.add)
            } else {
                guard entries[0].shorten() else { return nil }
                log.shortening(
                    entries, for: queue.targets, "larger than \(limit) bytes")
            }
        }
    }

    /// The alerts as they are sent.
    ///
    /// A digest that is sent again keeps its date, unless an alert was added.
    private func parcel(_ entries: inout [QueuedAlert]) -> Parcel {
        let now = Timestamp.now
        if entries.count > 1 {
            for index in entries.indices {
                entries[index].digestDate = entries[index].digestDate ?? now
            }
        }
        return parcel(entries.map(\.message), of: entries, at: now)
    }

    /// The messages of some alerts as they are sent.
    func parcel(_ messages: [Alert], of entries: [QueuedAlert], at now: Timestamp) -> Parcel {
        Parcel(
            messages, from: log.tool, at: entries.compactMap(\.digestDate).max() ?? now,
            subject: digestSubject)
    }

    private func scheduleWakening(at now: Instant) {
        wakening?.cancel()
        var pauses = queues.compactMap { $0.pause(at: now) }
        // Slots of slow servers become available.
        if !underway.isEmpty && queues.contains(where: { !$0.waiting.isEmpty }) {
            pauses.append(DeliveryQueue.slowness)
        }
        wakening = pauses.min().map { pause in
            clock.after(pause) { [weak self] in self?.pump() }
        }
    }
}

// Which alerts go out next, and which of them together.

internal import ListenerProtocol
internal import System

extension DeliveryQueue {
    /// The alerts for the next attempt.
    ///
    /// Those that seem to be at fault go last and alone. While the queue is closed, those that have
    /// failed the least come first, so that one which fails each time does not keep the others
    /// waiting.
    func next(at now: Instant, isFinishing: Bool, room: Int) -> [QueuedAlert] {
        if channel.tracksResolution {
            return nextInOrder(at: now, isFinishing: isFinishing, room: room)
        }
        let due = waiting.filter { isFinishing || $0.isDue(at: now) }
        var candidates = due.filter { !$0.isSuspect }
        if candidates.isEmpty {
            return due.min { ($0.attempts, $0.number) < ($1.attempts, $1.number) }.map { [$0] }
                ?? []
        }
        if isProbing {
            candidates.sort { ($0.attempts, $0.number) < ($1.attempts, $1.number) }
        }
        let sociable = candidates.filter { $0.company > 1 }
        let late = isFinishing ? sociable.count : sociable.count(where: \.isLate)
        let isBacklog = late > Self.fewAlerts || sociable.count > Self.manyAlerts
        guard isBacklog else { return Array(candidates.prefix(1)) }
        return Self.together(sociable, room: room).sorted { $0.number < $1.number }
    }

    /// The same for a channel to which the order matters: an alert that seems to be at fault is
    /// passed over until it is due, and with it all that is about the same processes.
    private func nextInOrder(at now: Instant, isFinishing: Bool, room: Int) -> [QueuedAlert] {
        var held: Set<ProcessName?> = []
        var free: [QueuedAlert] = []
        for entry in waiting {
            let isWaiting = !isFinishing && !entry.isDue(at: now) && entry.isSuspect
            if isWaiting || !entry.processes.isDisjoint(with: held) {
                held.formUnion(entry.processes)
            } else {
                free.append(entry)
            }
        }
        guard let first = free.first else { return [] }
        if first.isSuspect || first.company == 1 { return [first] }
        return Self.together(free.prefix { !$0.isSuspect && $0.company > 1 }, room: room)
    }

    /// As many alerts as may go out together and have room in one message.
    private static func together(
        _ entries: some Sequence<QueuedAlert>, room: Int
    ) -> [QueuedAlert] {
        var group: [QueuedAlert] = []
        var most = Digest.capacity
        // Encoded for mail, text is up to three times as large, and rarely more than a third
        // larger.
        var left = room / 4 * 3
        for entry in entries {
            most = min(most, entry.company)
            left -= entry.size + Digest.overhead
            guard group.isEmpty || (group.count < most && left >= 0) else { break }
            group.append(entry)
        }
        return group
    }
}

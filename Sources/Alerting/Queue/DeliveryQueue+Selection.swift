// Selects the alerts of the next attempt.

internal import ListenerProtocol
internal import System

extension DeliveryQueue {
    /// The alerts of the next attempt.
    ///
    /// Alerts that fail repeatedly on their own are sent last and alone. While the queue is closed,
    /// alerts with the fewest failures are sent first, so that one that always fails does not delay
    /// the others.
    func next(at now: Instant, isFinishing: Bool, room: Int) -> [QueuedAlert] {
        if channel.tracksResolution {
            return nextInOrder(at: now, isFinishing: isFinishing, room: room)
        }
        var due: [QueuedAlert] = []
        // What the alerts that have to wait are about: later ones wait for them, but the parts of a
        // divided alert, which have one number, not for each other.
        var blocked: [OrderKey: Int] = [:]
        for entry in waiting {
            if isDue(entry, at: now, isFinishing: isFinishing), !isBehind(entry, at: now),
                !entry.keys.contains(where: { blocked[$0].map { $0 != entry.number } ?? false })
            {
                due.append(entry)
            } else if isWaitedFor(entry) {
                for key in entry.keys where blocked[key] == nil { blocked[key] = entry.number }
            }
        }
        return inOrder(choose(among: due, isFinishing: isFinishing, room: room))
    }

    /// The alerts of the next attempt among those that may be sent.
    private func choose(
        among due: [QueuedAlert], isFinishing: Bool, room: Int
    ) -> [QueuedAlert] {
        var candidates = due.filter { !$0.failsAlone }
        if candidates.isEmpty {
            return due.min { ($0.attempts, $0.place) < ($1.attempts, $1.place) }.map { [$0] }
                ?? []
        }
        if isProbing {
            candidates.sort { ($0.attempts, $0.place) < ($1.attempts, $1.place) }
        }
        let combinable = candidates.filter { $0.maximumBatch > 1 }
        let late = isFinishing ? combinable.count : combinable.count(where: \.isLate)
        let isBacklog =
            late > Self.fewAlerts || combinable.count > Self.manyAlerts
            // One attempt shows for all of them whether they are still rejected.
            || (rejectsAll && combinable.count > 1)
        guard isBacklog else { return Array(candidates.prefix(1)) }
        return Self.together(combinable, room: room).sorted { $0.place < $1.place }
    }

    /// Chooses the earlier of alerts about the same first: a recovery must not arrive before the crash
    /// that it ends, although that has failed more often.
    private func inOrder(_ chosen: [QueuedAlert]) -> [QueuedAlert] {
        let obstacles = obstacles(besides: Set(chosen.map(\.place)))
        let first = chosen.filter { !$0.isBehind(obstacles) }
        guard first.isEmpty else { return first }
        return chosen.flatMap { $0.keys.compactMap { obstacles[$0] } }
            .min { $0.place < $1.place }.map { [$0] } ?? []
    }

    /// The earliest of the alerts about the same that the later ones wait for.
    private func obstacles(besides places: Set<QueuedAlert.Place>) -> [OrderKey: QueuedAlert] {
        let others = waiting.filter { !places.contains($0.place) && isWaitedFor($0) }
        let keyed = others.flatMap { other in other.keys.map { ($0, other) } }
        return Dictionary(keyed) { first, _ in first }
    }

    /// The same for a channel that requires order: an alert that fails repeatedly on its own is
    /// skipped until its retry is due, together with all alerts about the same processes.
    private func nextInOrder(at now: Instant, isFinishing: Bool, room: Int) -> [QueuedAlert] {
        var held: Set<ProcessName?> = []
        var free: [QueuedAlert] = []
        for entry in waiting {
            // Later alerts about the process may be accepted.
            if entry.isHeld && !isDue(entry, at: now, isFinishing: isFinishing) { continue }
            let isWaiting = !isFinishing && !entry.isDue(at: now) && entry.failsAlone
            if isWaiting || !entry.processes.isDisjoint(with: held) {
                held.formUnion(entry.processes)
            } else {
                free.append(entry)
            }
        }
        // Those about other processes go first: otherwise each of them waits for its next failure.
        var behind: Set<ProcessName?> = []
        let sound = free.filter { entry in
            guard entry.failsAlone || !entry.processes.isDisjoint(with: behind) else { return true }
            behind.formUnion(entry.processes)
            return false
        }
        if !sound.isEmpty { free = sound }
        guard let first = free.first else { return [] }
        if first.failsAlone || first.maximumBatch == 1 { return [first] }
        return Self.together(free.prefix { !$0.failsAlone && $0.maximumBatch > 1 }, room: room)
    }

    /// As many alerts as one message may contain.
    private static func together(
        _ entries: some Sequence<QueuedAlert>, room: Int
    ) -> [QueuedAlert] {
        var group: [QueuedAlert] = []
        var most = Digest.capacity
        // The mail encoding makes text up to three times as large, but rarely more than a third
        // larger.
        var left = room / 4 * 3
        for entry in entries {
            most = min(most, entry.maximumBatch)
            left -= entry.size + Digest.overhead
            guard group.isEmpty || (group.count < most && left >= 0) else { break }
            group.append(entry)
        }
        return group
    }
}

// Holds rejected alerts until it is known whether they are the cause.

internal import System

extension DeliveryQueue {
    /// The number of held alerts from which on a digest is not divided any more: the cause is
    /// probably the same for all of them.
    private static let fewHeld = 3

    /// Whether so many alerts were rejected that the cause is probably none of them.
    var rejectsAll: Bool { waiting.count(where: \.isHeld) >= Self.fewHeld }

    /// Holds a rejected alert; the others are sent without it.
    ///
    /// One held alert is sent again at the end of each pause. Of several rejections during a pause,
    /// only the first counts.
    ///
    /// - Parameters:
    ///   - entry: The alert.
    ///   - now: The current time.
    ///   - pause: The pause after a number of consecutive rejections.
    func hold(_ entry: QueuedAlert, at now: Instant, pause: (Int) -> Duration) {
        var entry = entry
        entry.attempts += 1
        entry.failuresAlone += 1
        entry.maximumBatch = 1
        if holdEnd.map({ $0 <= now }) ?? true {
            holds += 1
            holdEnd = now + pause(holds)
        }
        add(entry)
    }

    /// Sends held alerts again at once.
    func endHold() {
        holdEnd = nil
        holds = 0
    }

    /// Makes the held alerts ordinary ones again: one of them was accepted.
    func releaseHeld() {
        for index in waiting.indices where waiting[index].isHeld { waiting[index].release() }
    }

    /// Removes the held alerts that are superseded: a later alert about one of their processes was
    /// accepted, so that they would overwrite a newer state.
    ///
    /// - Parameter entries: The accepted alerts.
    /// - Returns: The removed alerts.
    func removeSuperseded(by entries: [QueuedAlert]) -> [QueuedAlert] {
        let superseded = waiting.filter { held in
            held.isHeld
                && entries.contains {
                    $0.number > held.number && !$0.processes.isDisjoint(with: held.processes)
                }
        }
        let places = Set(superseded.map(\.place))
        waiting.removeAll { places.contains($0.place) }
        return superseded
    }

    /// Whether an alert may be sent.
    ///
    /// - Parameters:
    ///   - entry: The alert.
    ///   - now: The current time.
    ///   - isFinishing: Whether the program is shutting down, so that pauses are skipped.
    /// - Returns: Whether it may be sent now.
    func isDue(_ entry: QueuedAlert, at now: Instant, isFinishing: Bool) -> Bool {
        guard isFinishing || entry.isDue(at: now) else { return false }
        guard entry.isHeld else { return true }
        // One after the other, because a result changes what the others wait for.
        return underway.isEmpty && holdEnd.map { $0 <= now } ?? true
    }
}

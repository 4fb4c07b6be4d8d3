// How much of what waits is in memory.

extension Outbox {
    /// Leaves texts to the spool, or gives the oldest alerts up, until what is left has room.
    func makeRoom() {
        while size > Self.capacity {
            // What the spool has need not be in memory, too.
            if lighten() { continue }
            guard let queue = queues.min(by: { $0.oldest < $1.oldest }) else { return }
            let removed = queue.removeOldest()
            guard !removed.isEmpty else { return }
            size -= removed.reduce(0) { $0 + $1.weight }
            log.abandon(removed, of: queue.targets, "too many alerts are waiting")
        }
    }

    /// Leaves the text of one alert to the spool.
    private func lighten() -> Bool {
        for queue in queues {
            guard let freed = queue.lighten() else { continue }
            size -= freed
            return true
        }
        return false
    }
}

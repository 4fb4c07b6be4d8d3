// Limits the memory of undelivered alerts.

extension Outbox {
    /// Moves texts to the spool, or drops the oldest alerts, until the rest fits into the limit.
    func makeRoom() {
        while size > Self.capacity {
            // Texts in the spool are not required in memory.
            if lighten() { continue }
            guard let queue = queues.min(by: { $0.oldest < $1.oldest }) else { return }
            let removed = queue.removeOldest()
            guard !removed.isEmpty else { return }
            size -= removed.reduce(0) { $0 + $1.weight }
            log.abandon(removed, of: queue.targets, "too many alerts are waiting")
        }
    }

    /// Moves the text of one alert to the spool.
    private func lighten() -> Bool {
        for queue in queues {
            guard let freed = queue.lighten() else { continue }
            size -= freed
            return true
        }
        return false
    }
}

// Limits the memory of undelivered alerts.

extension Outbox {
    /// Moves texts to the spool, or drops the oldest alerts, until the rest fits into the limit.
    func makeRoom() {
        while size > Self.capacity {
            // Texts in the spool are not required in memory.
            if moveTextToSpool() { continue }
            guard let queue = queues.min(by: { $0.oldest < $1.oldest }) else { return }
            let removed = queue.removeOldest()
            guard !removed.isEmpty else { return }
            size -= removed.reduce(0) { $0 + $1.weight }
            log.undelivered(removed, of: queue.targets, "too many alerts are waiting")
        }
    }

    /// Moves the text of one alert to the spool.
    private func moveTextToSpool() -> Bool {
        for queue in queues {
            guard let freed = queue.moveTextToSpool() else { continue }
            size -= freed
            return true
        }
        return false
    }
}

internal import EventLoop
internal import System

/// The recent counts of the OOM killer, which include one from before a death.
struct OOMHistory {
    private var counts: [OOMKiller.Count] = []

    /// How much older than the event a count must be, in seconds, because supervisord may notice a
    /// death up to a second late.
    private static let lead = 2

    /// The maximum number of counts: a summary may be made an hour after the last death.
    private static let capacity = 100

    /// Adds a count, and removes those that are no longer needed: of those that are not recent, one
    /// of each minute is enough.
    mutating func add(_ count: OOMKiller.Count) {
        counts.append(count)
        var minutes: Set<Int> = []
        counts.removeAll { old in
            let isFirst = minutes.insert(old.time.seconds / 60).inserted
            return !isFirst && old.time.seconds < count.time.seconds - 10
        }
        counts.removeFirst(max(0, counts.count - Self.capacity))
    }

    /// Returns the last count before a death.
    ///
    /// - Parameter time: When the event arrived.
    /// - Returns: The count; nil if none was read before.
    func last(before time: Timestamp) -> OOMKiller.Count? {
        counts.last { $0.time.seconds <= time.seconds - Self.lead }
            ?? counts.first { $0.time <= time }
    }
}

internal import EventLoop
internal import System

/// The recent counts of the OOM killer, which include one from before a death.
struct OOMHistory {
    private var counts: [OOMKiller.Count] = []

    /// How much older than the event a count must be, in seconds, because supervisord may notice a
    /// death up to a second late.
    private static let lead = 2

    /// Adds a count, and removes those that are no longer needed.
    mutating func add(_ count: OOMKiller.Count) {
        counts.append(count)
        let last = counts.lastIndex { $0.time.seconds < count.time.seconds - 10 }
        if let last { counts.removeFirst(last) }
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

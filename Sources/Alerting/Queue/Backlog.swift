/// The unread alerts in the spool: their keys in order of age, and the position of each channel.
///
/// Fifty thousand alerts take a few megabytes here; with their texts, they would take a hundred.
struct Backlog {
    private var keys: [Spool.Key] = []
    /// The number of the first key among all that were ever added.
    private var first = 0
    /// The number of the next alert to read, by the identity of the channel.
    private var positions: [String: Int] = [:]

    /// Creates an empty backlog.
    init(_ identities: [String]) {
        positions = Dictionary(identities.map { ($0, 0) }) { $1 }
    }

    private var end: Int { first + keys.count }

    /// The number of unread alerts, counted once for each channel.
    var count: Int { positions.values.reduce(0) { $0 + end - $1 } }

    /// The number of files that at least one channel has not read.
    var fileCount: Int { end - (positions.values.min() ?? end) }

    /// Whether a channel has unread alerts.
    func hasUnread(_ identity: String) -> Bool { positions[identity].map { $0 < end } ?? false }

    /// Adds keys that are newer than all others.
    mutating func add(_ more: [Spool.Key]) {
        guard !positions.isEmpty else { return }
        keys += more
    }

    /// Adds an alert for the channels that have unread alerts before it; the others have it in
    /// memory.
    mutating func add(_ key: Spool.Key) {
        let all = end
        for (identity, position) in positions where position == all {
            positions[identity] = all + 1
        }
        keys.append(key)
    }

    /// The next unread alert of a channel, and its number in order of age.
    mutating func next(for identity: String) -> (key: Spool.Key, number: Int)? {
        guard let position = positions[identity], position < end else { return nil }
        positions[identity] = position + 1
        let key = keys[position - first]
        forget()
        return (key, position)
    }

    /// Discards keys that all channels have read, a thousand at a time.
    private mutating func forget() {
        let read = (positions.values.min() ?? end) - first
        guard read == keys.count || read > 4_096 else { return }
        keys = Array(keys.dropFirst(read))
        first += read
    }
}

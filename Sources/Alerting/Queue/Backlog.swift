/// The alerts in the spool that have not been read yet: their keys in order of age, and how far
/// each channel has come.
///
/// Fifty thousand alerts are a few megabytes here; as a whole they would be a hundred.
struct Backlog {
    private var keys: [Spool.Key] = []
    /// The number of the first of them among all that were ever added.
    private var first = 0
    /// The number of the next one to be read, by the identity of the channel.
    private var positions: [String: Int] = [:]

    /// Begins for channels.
    init(_ identities: [String]) {
        positions = Dictionary(identities.map { ($0, 0) }) { $1 }
    }

    private var end: Int { first + keys.count }

    /// How many alerts are unread, each channel counted by itself.
    var count: Int { positions.values.reduce(0) { $0 + end - $1 } }

    /// How many files are unread by at least one channel.
    var fileCount: Int { end - (positions.values.min() ?? end) }

    /// Whether there is something that a channel has not read.
    func hasUnread(_ identity: String) -> Bool { positions[identity].map { $0 < end } ?? false }

    /// Adds what is younger than everything here.
    mutating func add(_ more: [Spool.Key]) {
        guard !positions.isEmpty else { return }
        keys += more
    }

    /// Adds an alert for those channels that have something unread before it; the others have it.
    mutating func add(_ key: Spool.Key) {
        let all = end
        for (identity, position) in positions where position == all {
            positions[identity] = all + 1
        }
        keys.append(key)
    }

    /// The next alert that a channel has not read, and its number in the order of age.
    mutating func next(for identity: String) -> (key: Spool.Key, number: Int)? {
        guard let position = positions[identity], position < end else { return nil }
        positions[identity] = position + 1
        let key = keys[position - first]
        forget()
        return (key, position)
    }

    /// Forgets what all channels have read, some thousand at a time.
    private mutating func forget() {
        let read = (positions.values.min() ?? end) - first
        guard read == keys.count || read > 4_096 else { return }
        keys = Array(keys.dropFirst(read))
        first += read
    }
}

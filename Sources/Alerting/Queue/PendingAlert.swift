// An alert and all who are still to be told, by whichever channel.

internal import EventLoop
internal import System

/// An alert and all who are still to be told, by whichever channel.
///
/// It is what the spool keeps: when nobody is owed any more, the file goes.
final class PendingAlert {
    /// The alert; nothing while only the spool has it.
    private var text: Alert?
    private let time: Timestamp
    /// How old it was when this program took it on, in seconds.
    private let earlierAge: Int
    /// When that was: clocks jump, so that the rest is counted.
    private let takenOn = Instant.now
    private(set) var owed: [String: [String]]
    private let spool: Spool?
    private var key: Spool.Key?

    /// Takes on a debt, in the spool if there is one.
    init(_ alert: Alert, owed: [String: [String]], spool: Spool?) {
        text = alert
        time = alert.time
        earlierAge = 0
        self.owed = owed
        self.spool = spool
        key = owed.isEmpty ? nil : spool?.keep(.alert(alert, owed: owed))
    }

    /// Takes on a debt that is in the spool already.
    init(_ alert: Alert, owed: [String: [String]], spool: Spool, key: Spool.Key) {
        text = alert
        time = alert.time
        earlierAge = Timestamp.now.seconds - alert.time.seconds
        self.owed = owed
        self.spool = spool
        self.key = key
    }

    /// Whether it is on disk, so that the end of this program does it no harm.
    var isKept: Bool { key != nil }

    /// The alert, from the spool if it is not in memory.
    var alert: Alert {
        if let text { return text }
        if let key, case .alert(let alert, _)? = spool?.content(key) { return alert }
        return Alert(subject: "an alert that was lost in the spool", body: "", time: time)
    }

    /// Leaves the text to the spool, since there is too much in memory.
    func evict() {
        if isKept { text = nil }
    }

    /// Says it in other words.
    func reword(_ alert: Alert) {
        text = alert
        write()
    }

    /// Notes who need not be told any more.
    func settle(_ targets: [String], of channel: String) {
        let rest = (owed[channel] ?? []).filter { !targets.contains($0) }
        owed[channel] = rest.isEmpty ? nil : rest
        write()
    }

    /// Owes it to nobody any more.
    func cancel() {
        owed = [:]
        write()
    }

    /// Puts it aside, since it has become too old.
    ///
    /// - Parameter now: The present moment.
    /// - Returns: Whether it has.
    func expire(at now: Instant) -> Bool {
        let age = .seconds(earlierAge) + (now - takenOn)
        guard let key, age > Spool.longestStay else { return false }
        spool?.fail(key)
        self.key = nil
        return true
    }

    private func write() {
        guard let spool, let key else { return }
        if owed.isEmpty {
            spool.remove(key)
        } else {
            spool.replace(key, by: .alert(alert, owed: owed))
        }
    }
}

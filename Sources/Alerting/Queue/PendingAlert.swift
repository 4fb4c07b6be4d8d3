internal import EventLoop
internal import System

/// An alert and its remaining targets, over all channels.
///
/// The spool stores it. When no target remains, its file is deleted.
final class PendingAlert {
    /// The alert; nil while it is only in the spool.
    private var text: Alert?
    private let time: Timestamp
    private(set) var owed: [String: [String]]
    private var settled: [String: [String]]
    private var age: SpoolAge
    private let spool: Spool?
    private(set) var key: Spool.Key?
    /// Whether the age in the file is out of date.
    private var isAgeChanged = false

    /// Creates a new alert, in the spool if there is one.
    init(_ alert: Alert, owed: [String: [String]], spool: Spool?, at now: Instant = .now) {
        text = alert
        time = alert.time
        self.owed = owed
        settled = [:]
        age = SpoolAge(at: now)
        self.spool = spool
        key =
            owed.isEmpty ? nil : spool?.keep(.alert(SpooledAlert(alert, owed: owed, age: age)))
    }

    /// Creates an alert that is already in the spool.
    ///
    /// - Parameters:
    ///   - spooled: The content of the spool.
    ///   - owed: The remaining recipients, by the channels of this run.
    ///   - spool: The spool.
    ///   - key: Its key in the spool.
    ///   - now: The current time.
    init(
        _ spooled: SpooledAlert, owed: [String: [String]], spool: Spool, key: Spool.Key,
        at now: Instant
    ) {
        text = spooled.alert
        time = spooled.alert.time
        self.owed = owed
        settled = spooled.settled
        age = spooled.age?.continued(at: now) ?? SpoolAge(at: now)
        isAgeChanged = age != spooled.age
        self.spool = spool
        self.key = key
        if owed.isEmpty { write() }
    }

    /// Whether it is on disk, so that it survives the end of this program.
    var isKept: Bool { key != nil }

    /// The alert, read from the spool if it is not in memory.
    var alert: Alert {
        if let text { return text }
        if let key, case .alert(let spooled)? = spool?.content(key) { return spooled.alert }
        return Alert(subject: "an alert lost from the spool", body: "", time: time)
    }

    /// Keeps the text only in the spool, to save memory.
    func evict() {
        if isKept { text = nil }
    }

    /// Replaces the text.
    func reword(_ alert: Alert) {
        text = alert
        write()
    }

    /// Records targets that no longer require the alert.
    func settle(_ targets: [String], of channel: String) {
        guard !targets.isEmpty else { return }
        let rest = (owed[channel] ?? []).filter { !targets.contains($0) }
        owed[channel] = rest.isEmpty ? nil : rest
        settled[channel, default: []] += targets
        write()
    }

    /// Removes all targets.
    func cancel() {
        owed = [:]
        write()
    }

    /// Moves it to the failed alerts if it is too old.
    ///
    /// - Parameter now: The current time.
    /// - Returns: Whether it was moved.
    func expire(at now: Instant) -> Bool {
        guard let key else { return false }
        guard .seconds(age.seconds(at: now)) > Spool.longestStay else {
            // Once for each boot, so that the age is available after the next one.
            if isAgeChanged { write() }
            return false
        }
        spool?.fail(key)
        self.key = nil
        return true
    }

    private func write() {
        guard let spool, let key else { return }
        guard !owed.isEmpty else {
            self.key = nil
            return spool.remove(key)
        }
        spool.replace(
            key, by: .alert(SpooledAlert(alert, owed: owed, settled: settled, age: age)))
        isAgeChanged = false
    }
}

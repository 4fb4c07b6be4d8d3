internal import EventLoop
internal import System

/// An alert and its remaining targets, over all channels.
///
/// The spool stores it. When no target remains, its file is deleted.
final class PendingAlert {
    /// The alert; nil while it is only in the spool.
    private var text: Alert?
    private let time: Timestamp
    private(set) var remaining: [String: [String]]
    private var finished: [String: [String]]
    private var age: SpoolAge
    private let spool: Spool?
    private(set) var key: Spool.Key?
    /// Whether the age in the file is out of date.
    private var isAgeChanged = false
    /// Whether its details are not complete.
    private var isHeld: Bool

    /// Creates a new alert, in the spool if there is one.
    ///
    /// - Parameters:
    ///   - alert: The alert.
    ///   - remaining: The recipients, by the identity of the channel.
    ///   - spool: The spool.
    ///   - now: The current time.
    ///   - isHeld: Whether details follow.
    convenience init(
        _ alert: Alert, remaining: [String: [String]], spool: Spool?, at now: Instant = .now,
        isHeld: Bool = false
    ) {
        self.init(
            alert, remaining: remaining, spool: spool, age: SpoolAge(at: now), isHeld: isHeld)
    }

    private init(
        _ alert: Alert, remaining: [String: [String]], spool: Spool?, age: SpoolAge,
        isHeld: Bool = false
    ) {
        self.isHeld = isHeld
        text = alert
        time = alert.time
        self.remaining = remaining
        finished = [:]
        self.age = age
        self.spool = spool
        guard !remaining.isEmpty else { return }
        let spooled = SpooledAlert(alert, remaining: remaining, age: age)
        key = spool?.keep(isHeld ? .held(spooled) : .alert(spooled))
    }

    /// Creates an alert that is already in the spool.
    ///
    /// - Parameters:
    ///   - spooled: The content of the spool.
    ///   - remaining: The remaining recipients, by the channels of this run.
    ///   - spool: The spool.
    ///   - key: Its key in the spool.
    ///   - now: The current time.
    ///   - isHeld: Whether details follow.
    init(
        _ spooled: SpooledAlert, remaining: [String: [String]], spool: Spool, key: Spool.Key,
        at now: Instant, isHeld: Bool = false
    ) {
        self.isHeld = isHeld
        text = spooled.alert
        time = spooled.alert.time
        self.remaining = remaining
        finished = spooled.finished
        age = spooled.age?.continued(at: now) ?? SpoolAge(at: now)
        isAgeChanged = age != spooled.age
        self.spool = spool
        self.key = key
        if remaining.isEmpty { write() }
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

    /// Replaces the text by one with all details.
    func complete(with alert: Alert) {
        text = alert
        guard isHeld, let spool, let key else { return write() }
        isHeld = false
        // Otherwise its name remains, which the next run does not mind.
        self.key = spool.release(key, as: spooled) ?? key
    }

    /// Records targets that no longer require the alert.
    func finish(_ targets: [String], of channel: String) {
        guard !targets.isEmpty else { return }
        let rest = (remaining[channel] ?? []).filter { !targets.contains($0) }
        remaining[channel] = rest.isEmpty ? nil : rest
        finished[channel, default: []] += targets
        write()
    }

    /// A part of the alert for one channel, as old as the whole.
    ///
    /// - Parameters:
    ///   - alert: The part.
    ///   - channel: The identity of the channel.
    ///   - targets: Those that require it; it is stored unless there is none.
    /// - Returns: The part.
    func part(_ alert: Alert, of channel: String, to targets: [String]) -> PendingAlert {
        PendingAlert(
            alert, remaining: targets.isEmpty ? [:] : [channel: targets], spool: spool, age: age)
    }

    /// Removes all targets.
    func cancel() {
        remaining = [:]
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
        guard !remaining.isEmpty else {
            self.key = nil
            return spool.remove(key)
        }
        spool.replace(key, by: isHeld ? .held(spooled) : .alert(spooled))
        isAgeChanged = false
    }

    private var spooled: SpooledAlert {
        SpooledAlert(alert, remaining: remaining, finished: finished, age: age)
    }
}

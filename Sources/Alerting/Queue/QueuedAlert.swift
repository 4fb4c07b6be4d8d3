internal import ListenerProtocol
internal import System

/// An alert in the queue of one set of targets.
struct QueuedAlert {
    /// Its number in the order of arrival.
    let number: Int

    /// Its number among the parts of a divided alert, which share the number of the whole.
    let part: Int

    /// The state of the alert for all channels.
    let pending: PendingAlert

    /// Identifies the alert.
    let identity: Alert.Identity

    /// What it has in common with alerts that must arrive before or after it.
    let keys: Set<OrderKey>

    /// When its incident occurred.
    let time: Timestamp

    /// Whether it has a subject, unlike a text message.
    let hasSubject: Bool

    /// The size of its text in bytes.
    let size: Int

    /// The processes of its incidents; contains `nil` for incidents without a process.
    let processes: Set<ProcessName?>

    /// The number of failed attempts.
    var attempts = 0

    /// The number of failed attempts that contained only this alert.
    var failuresAlone = 0

    /// How many attempts of its queue had succeeded when it first failed alone.
    private var successesBefore: Int?

    /// Whether it failed alone before and after another one was delivered: it is the cause itself.
    private(set) var isCause = false

    /// The time of the next retry; nil for immediately.
    var retryAt: Instant?

    /// The maximum number of alerts in its next attempt, including itself.
    var maximumBatch = Digest.capacity

    /// How much of its text is sent.
    var brevity = Brevity.full

    /// When it was first sent together with others.
    var digestDate: Timestamp?

    /// Whether it has waited in a closed queue.
    var isLate = false

    /// Its rejection by the service, which may have another cause than the alert.
    var rejection: Rejection?

    /// Whether a target has received it, so that it is not logged in full when others reject it.
    var hasArrived = false

    /// The approximate size of its text in memory in bytes.
    var weight = 0

    init(_ pending: PendingAlert, number: Int, part: Int = 0) {
        self.pending = pending
        self.number = number
        self.part = part
        let alert = pending.alert
        size = alert.size
        identity = alert.identity
        keys = OrderKey.all(of: alert)
        time = alert.time
        hasSubject = alert.subject != nil
        processes = Set(alert.incidents.map(\.process))
        weight = size
    }

    /// Creates a part of an alert that has been divided.
    init(_ pending: PendingAlert, of whole: QueuedAlert, _ part: Int) {
        self.init(pending, number: whole.number, part: part)
        brevity = whole.brevity
        hasArrived = whole.hasArrived
        isLate = true
    }

    /// Its place in the queue.
    var place: Place { Place(number: number, part: part) }

    /// A place in a queue, in order of age.
    struct Place: Hashable, Comparable {
        let number: Int
        let part: Int

        static func < (one: Place, other: Place) -> Bool {
            (one.number, one.part) < (other.number, other.part)
        }
    }

    /// The full alert.
    var alert: Alert { pending.alert }

    /// The alert as it is sent.
    var message: Alert { brevity.applied(to: pending.alert) }

    /// Whether the alert itself seems to cause failures: it is then sent last and alone.
    var failsAlone: Bool { failuresAlone > 1 || isHeld }

    /// Whether it was rejected, and is held until the queue sends a held alert again.
    var isHeld: Bool { rejection?.isHeld ?? false }

    /// Records that an attempt with only this alert has failed.
    ///
    /// - Parameter successes: How many attempts of its queue have succeeded so far.
    mutating func noteFailureAlone(after successes: Int) {
        failuresAlone += 1
        isCause = isCause || successesBefore.map { $0 < successes } ?? false
        successesBefore = successesBefore ?? successes
    }

    /// Records a rejection.
    ///
    /// - Parameters:
    ///   - reason: The reason.
    ///   - acceptances: The number of successful attempts of the channel before this one.
    ///   - isAboutSize: Whether even the headlines were too large, which proves nothing about
    ///     other rejections.
    mutating func note(_ reason: String, after acceptances: Int, isAboutSize: Bool = false) {
        let earlier = rejection
        guard let earlier, earlier.isAboutSize == isAboutSize else {
            rejection = Rejection(
                acceptances: acceptances, reason: reason, isAboutSize: isAboutSize,
                isHeld: earlier?.isHeld ?? false)
            return
        }
        rejection?.reason = reason
    }

    /// Makes it an ordinary alert again, because its rejection had another cause.
    mutating func release() {
        rejection = nil
        failuresAlone = 0
        retryAt = nil
        maximumBatch = Digest.capacity
        isLate = true
    }

    /// Whether its retry is due.
    func isDue(at now: Instant) -> Bool { retryAt.map { $0 <= now } ?? true }

    /// Whether an earlier alert about the same is among these.
    func isBehind(_ obstacles: [OrderKey: QueuedAlert]) -> Bool {
        keys.contains { obstacles[$0].map { $0.number < number } ?? false }
    }

    /// Reduces the text until it fits.
    ///
    /// - Parameter limit: The largest message that the server accepts in bytes, if known.
    /// - Returns: Whether it has become smaller; `false` if nothing was left to omit.
    mutating func shorten(to limit: Int?) -> Bool {
        guard shorten() else { return false }
        while let limit, message.size > limit, shorten() {}
        return true
    }

    /// Reduces the text by one step.
    ///
    /// - Returns: Whether it has become smaller; `false` if nothing is left to omit.
    mutating func shorten() -> Bool {
        let size = message.size
        while let shorter = brevity.shorter {
            brevity = shorter
            if message.size < size { return true }
        }
        return false
    }

    /// Limits the next attempt to fewer alerts than this one.
    ///
    /// - Parameter count: The number of alerts in this attempt.
    mutating func separate(from count: Int) {
        maximumBatch = max(1, count / Self.parts)
    }

    /// The divisor for a failed digest: 500 alerts are sent one by one after three failures.
    private static let parts = 8
}

extension Alert {
    /// The approximate memory that it requires, in bytes.
    var size: Int { body.utf8.count + (subject?.utf8.count ?? 0) }
}

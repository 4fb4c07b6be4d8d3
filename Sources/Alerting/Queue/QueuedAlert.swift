internal import ListenerProtocol
internal import System

/// An alert on its way to one queue's targets.
struct QueuedAlert {
    /// Its number in the order of arrival.
    let number: Int

    /// The state of the alert for all channels.
    let pending: PendingAlert

    /// How much text it has, in bytes.
    let size: Int

    /// The processes that it is about; `nil` among them for what is about none.
    let processes: Set<ProcessName?>

    /// The number of failed attempts.
    var attempts = 0

    /// How many of them it made alone.
    var failuresAlone = 0

    /// When it may be tried again; nothing for at once.
    var retryAt: Instant?

    /// How many alerts may go out together with it, itself included.
    var company = Digest.capacity

    /// How much of its text goes out.
    var brevity = Brevity.full

    /// When it was first sent together with others.
    var digestDate: Timestamp?

    /// Whether it has waited for a queue that was closed.
    var isLate = false

    /// Whether somebody has got it, so that it need not be logged when others refuse it.
    var hasArrived = false

    /// The approximate size of its text in memory in bytes.
    var weight = 0

    init(_ pending: PendingAlert, number: Int) {
        self.pending = pending
        self.number = number
        let alert = pending.alert
        size = alert.size
        processes = Set(alert.incidents.map(\.process))
        weight = size
    }

    /// The alert as a whole.
    var alert: Alert { pending.alert }

    /// The alert as it goes out.
    var message: Alert { brevity.applied(to: pending.alert) }

    /// Whether it seems to be at fault itself: it goes last and alone.
    var isSuspect: Bool { failuresAlone > 1 }

    /// Whether it may be tried.
    func isDue(at now: Instant) -> Bool { retryAt.map { $0 <= now } ?? true }

    /// Takes text away, so that it is smaller.
    ///
    /// - Returns: Whether it has become smaller; `false` when nothing is left to be taken away.
    mutating func shorten() -> Bool {
        let size = message.size
        while let shorter = brevity.shorter {
            brevity = shorter
            if message.size < size { return true }
        }
        return false
    }

    /// Lets it go out with fewer others than now.
    ///
    /// - Parameter count: How many went together.
    mutating func separate(from count: Int) {
        company = max(1, count / Self.parts)
    }

    /// A digest that fails is divided by so many: 500 alerts are single after three times.
    private static let parts = 8
}

extension Alert {
    /// What it takes to keep it, in bytes, about.
    var size: Int { body.utf8.count + (subject?.utf8.count ?? 0) }
}

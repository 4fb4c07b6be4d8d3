internal import EventLoop
internal import System

/// The queue of alerts to the same targets by the same channel.
///
/// An open queue delivers alerts singly, as they come. A failure closes it for a while; then one
/// attempt goes out, with all that has gathered as one digest, and when that arrives the queue is
/// open again. A digest that fails is divided, so that one alert that no server takes is soon
/// alone.
final class DeliveryQueue {
    let channel: any Channel
    let targets: [String]

    private(set) var waiting: [QueuedAlert] = []
    /// When each attempt that is under way has begun.
    private var underway: [Int: Instant] = [:]
    private var failures = 0
    private var opensAt: Instant?
    /// Whether a delivery has failed during the shutdown, so that there are no further attempts.
    private var isGivenUp = false

    /// More late alerts than this are sent as a digest.
    static let fewAlerts = 3

    /// More alerts than this are always sent as a digest, because they arrive faster than they can
    /// be delivered.
    static let manyAlerts = 100

    /// An attempt that takes longer finds a slow server, to which no further one goes meanwhile.
    static let slowness = Duration.seconds(30)

    /// After so many failures in a row it is the server that fails, not an alert.
    private static let outage = 3

    init(channel: any Channel, targets: [String]) {
        self.channel = channel
        self.targets = targets
    }

    var isIdle: Bool { waiting.isEmpty && underway.isEmpty }

    /// The number of its oldest alert.
    var oldest: Int { waiting.first?.number ?? .max }

    /// How many attempts are under way.
    var attempts: Int { underway.count }

    /// Whether it is closed at a moment.
    func isClosed(at now: Instant) -> Bool { opensAt.map { $0 > now } ?? false }

    /// Whether an attempt is under way for so long that the server must be slow.
    func isSlow(at now: Instant) -> Bool { underway.values.contains { $0 + Self.slowness <= now } }

    /// Inserts an alert in order of age.
    func add(_ entry: QueuedAlert) {
        var entry = entry
        entry.isLate = entry.isLate || opensAt != nil
        let place = waiting.lastIndex { $0.number < entry.number }.map { $0 + 1 } ?? 0
        waiting.insert(entry, at: place)
    }

    /// Removes the oldest alerts.
    func removeOldest(_ count: Int = 1) -> [QueuedAlert] {
        let removed = Array(waiting.prefix(count))
        waiting.removeFirst(removed.count)
        return removed
    }

    /// Keeps the text of an alert only in the spool.
    ///
    /// - Returns: The bytes of memory saved; nil if there is no such alert.
    func lighten() -> Int? {
        guard let index = waiting.lastIndex(where: { $0.weight > 0 && $0.pending.isKept }) else {
            return nil
        }
        defer { waiting[index].weight = 0 }
        waiting[index].pending.evict()
        return waiting[index].weight
    }

    // MARK: Attempts

    /// Begins the next attempt, if there is one to be made.
    ///
    /// - Parameters:
    ///   - number: The attempt's number.
    ///   - now: The present moment.
    ///   - isFinishing: Whether the program is about to end, so that nothing is gained by waiting.
    ///   - room: How large the message may be, in bytes.
    /// - Returns: The alerts that go out together, in order of age; none if the queue is closed or
    ///   has none.
    func begin(
        _ number: Int, at now: Instant, isFinishing: Bool, room: Int
    ) -> [QueuedAlert] {
        guard mayBegin(at: now, isFinishing: isFinishing) else { return [] }
        let entries = next(at: now, isFinishing: isFinishing, room: room)
        // One digest after the other, to preserve the order.
        guard entries.count == 1 || (!entries.isEmpty && underway.isEmpty) else { return [] }
        let numbers = Set(entries.map(\.number))
        waiting.removeAll { numbers.contains($0.number) }
        underway[number] = now
        return entries
    }

    private func mayBegin(at now: Instant, isFinishing: Bool) -> Bool {
        // An alert must not arrive after its resolution.
        guard !channel.tracksResolution || underway.isEmpty else { return false }
        if isFinishing { return !isGivenUp }
        guard let opensAt else { return !isSlow(at: now) }
        return underway.isEmpty && opensAt <= now
    }

    /// Whether an attempt that begins now finds out if the queue can be opened.
    var isProbing: Bool { failures > 0 }

    /// Ends an attempt, whatever has become of it.
    func end(_ number: Int) {
        underway[number] = nil
    }

    /// Opens the queue, since an attempt has come through.
    ///
    /// - Parameter isProbe: Whether it was made to find out; one that had begun before the queue
    ///   was closed says nothing.
    func open(asProbe isProbe: Bool) {
        guard isProbe || opensAt == nil else { return }
        if failures >= Self.outage {
            for index in waiting.indices where !waiting[index].isSuspect {
                waiting[index].company = Digest.capacity
            }
        }
        failures = 0
        opensAt = nil
    }

    /// Closes the queue for a while, and puts alerts back that did not come through.
    ///
    /// Of several attempts that fail together only the first counts.
    ///
    /// - Parameters:
    ///   - entries: The alerts.
    ///   - count: How many went out together.
    ///   - now: The present moment.
    ///   - isFinishing: Whether the program is about to end.
    ///   - pause: How long to wait after a number of failures in a row.
    func close(
        with entries: [QueuedAlert], of count: Int, at now: Instant, isFinishing: Bool,
        pause: (Int) -> Duration
    ) {
        isGivenUp = isFinishing
        let opensAt: Instant
        if let before = self.opensAt, before > now {
            opensAt = before
        } else {
            failures += 1
            opensAt = now + pause(failures)
        }
        self.opensAt = opensAt
        let isAmongOthers = !waiting.isEmpty
        for index in waiting.indices { waiting[index].isLate = true }
        for var entry in entries {
            entry.attempts += 1
            if count == 1 {
                entry.failuresAlone += 1
                // The others get their turn before it.
                entry.retryAt =
                    entry.isSuspect && isAmongOthers
                    ? opensAt + pause(entry.failuresAlone) : opensAt
            } else {
                entry.separate(from: count)
            }
            add(entry)
        }
    }

    /// How long until something can be done that cannot be done now; nothing if there is nothing to
    /// wait for.
    func pause(at now: Instant) -> Duration? {
        guard underway.isEmpty, !waiting.isEmpty else { return nil }
        let moments = [opensAt].compactMap { $0 } + waiting.compactMap(\.retryAt)
        return moments.filter { $0 > now }.min().map { $0 - now }
    }
}

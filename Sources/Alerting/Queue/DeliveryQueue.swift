internal import EventLoop
internal import System

/// The queue of alerts to the same targets through the same channel.
///
/// An open queue sends alerts one by one, immediately. A failure closes it for a pause; then one
/// attempt is made, with the waiting alerts as one digest. If it succeeds, the queue is open again.
/// A failed digest is divided, so that an alert that no server accepts is soon sent alone.
final class DeliveryQueue {
    let channel: any Channel
    let targets: [String]

    var waiting: [QueuedAlert] = []
    private(set) var underway: [Int: RunningAttempt] = [:]
    private var failures = 0
    /// How many attempts have succeeded.
    private var successes = 0
    private var opensAt: Instant?
    /// When the next held alert is sent again; nil for at once.
    var holdEnd: Instant?
    /// The number of consecutive pauses for held alerts.
    var holds = 0
    /// Whether a delivery failed during the shutdown, so that no further attempts are made.
    private var isGivenUp = false

    /// An attempt that has not ended yet.
    struct RunningAttempt {
        let begin: Instant
        /// What its alerts are about.
        let keys: Set<OrderKey>

        func isSlow(at now: Instant) -> Bool { begin + DeliveryQueue.slowness <= now }
    }

    /// The number of delayed alerts above which they are sent as a digest.
    static let fewAlerts = 3

    /// The number of alerts above which they are always sent as a digest, because they arrive
    /// faster than they can be delivered.
    static let manyAlerts = 100

    /// The duration after which a server counts as slow and receives no further attempt.
    static let slowness = Duration.seconds(30)

    /// The number of consecutive failures after which the server counts as the cause, not an alert.
    private static let outage = 2

    init(channel: any Channel, targets: [String]) {
        self.channel = channel
        self.targets = targets
    }

    var isIdle: Bool { waiting.isEmpty && underway.isEmpty }

    /// The number of the oldest alert.
    var oldest: Int { waiting.first?.number ?? .max }

    /// The number of running attempts.
    var attempts: Int { underway.count }

    /// Whether the queue is closed at a time.
    func isClosed(at now: Instant) -> Bool { opensAt.map { $0 > now } ?? false }

    /// Whether an attempt has run for so long that the server counts as slow.
    func isSlow(at now: Instant) -> Bool { underway.values.contains { $0.isSlow(at: now) } }

    /// Inserts an alert in order of age.
    func add(_ entry: QueuedAlert) {
        var entry = entry
        entry.isLate = entry.isLate || opensAt != nil
        let place = waiting.lastIndex { $0.place < entry.place }.map { $0 + 1 } ?? 0
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
    func moveTextToSpool() -> Int? {
        guard let index = waiting.lastIndex(where: { $0.weight > 0 && $0.pending.isKept }) else {
            return nil
        }
        defer { waiting[index].weight = 0 }
        waiting[index].pending.evict()
        return waiting[index].weight
    }

    // MARK: Attempts

    /// Begins the next attempt, if one is due.
    ///
    /// - Parameters:
    ///   - number: The attempt's number.
    ///   - now: The current time.
    ///   - isFinishing: Whether the program is shutting down, so that pauses are skipped.
    ///   - room: The maximum size of the message in bytes.
    /// - Returns: The alerts of the attempt, in order of age; empty if the queue is closed or
    ///   empty.
    func begin(
        _ number: Int, at now: Instant, isFinishing: Bool, room: Int
    ) -> [QueuedAlert] {
        guard mayBegin(at: now, isFinishing: isFinishing) else { return [] }
        var entries = next(at: now, isFinishing: isFinishing, room: room)
        // Whether the server is slow or only one message, a single alert shows.
        if hasOneSlowAttempt(at: now) { entries = Array(entries.prefix(1)) }
        // Digests are sent one after the other, to preserve the order.
        guard entries.count == 1 || (!entries.isEmpty && underway.isEmpty) else { return [] }
        let places = Set(entries.map(\.place))
        waiting.removeAll { places.contains($0.place) }
        underway[number] = RunningAttempt(
            begin: now, keys: entries.reduce(into: []) { $0.formUnion($1.keys) })
        return entries
    }

    /// Whether an earlier alert about the same is being sent, so that it must wait.
    ///
    /// A recovery must not arrive before the crash or the summary of what it ends. A slow server
    /// delays nothing.
    func isBehind(_ entry: QueuedAlert, at now: Instant) -> Bool {
        underway.values.contains { !$0.isSlow(at: now) && !$0.keys.isDisjoint(with: entry.keys) }
    }

    /// Whether later alerts about the same wait for an alert.
    ///
    /// They do not wait for one that fails alone while others are delivered. While nothing is
    /// delivered, they wait for seven of eight attempts: the alert may nevertheless be the cause.
    func isWaitedFor(_ entry: QueuedAlert) -> Bool {
        guard !entry.isHeld, !entry.isCause else { return false }
        return !entry.failsAlone || failures % Self.turns != 0
    }

    /// Of how many failed attempts one is followed by an attempt with a later alert about the same.
    private static let turns = 8

    private func mayBegin(at now: Instant, isFinishing: Bool) -> Bool {
        // An alert must not arrive after its resolution.
        guard !channel.tracksResolution || underway.isEmpty else { return false }
        if isFinishing { return !isGivenUp }
        let isFree = underway.isEmpty || hasOneSlowAttempt(at: now)
        guard let opensAt else { return isFree || !isSlow(at: now) }
        return isFree && opensAt <= now
    }

    /// Whether the only running attempt is slow: the server may hang because of its message, which
    /// must not delay the others.
    private func hasOneSlowAttempt(at now: Instant) -> Bool {
        underway.count == 1 && isSlow(at: now)
    }

    /// Whether an attempt that begins now tests if the queue can be opened.
    var isProbing: Bool { failures > 0 }

    /// Ends an attempt with any result.
    func end(_ number: Int) {
        underway[number] = nil
    }

    /// Opens the queue after a successful attempt.
    ///
    /// - Parameter isProbe: Whether the attempt was made to test the server; one that began before
    ///   the queue was closed proves nothing.
    func open(asProbe isProbe: Bool) {
        guard isProbe || opensAt == nil else { return }
        successes += 1
        if failures >= Self.outage {
            for index in waiting.indices where !waiting[index].isHeld {
                waiting[index].failuresAlone = 0
                waiting[index].retryAt = nil
                waiting[index].maximumBatch = Digest.capacity
            }
        }
        failures = 0
        opensAt = nil
    }

    /// Closes the queue for a pause, and puts back the alerts that were not delivered.
    ///
    /// Of several attempts that fail together, only the first counts.
    ///
    /// - Parameters:
    ///   - entries: The alerts.
    ///   - count: The number of alerts in the attempt.
    ///   - now: The current time.
    ///   - isFinishing: Whether the program is shutting down.
    ///   - pause: The pause after a number of consecutive failures.
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
        let others = waiting.map(\.keys)
        for index in waiting.indices { waiting[index].isLate = true }
        for var entry in entries {
            entry.attempts += 1
            if count == 1 {
                entry.noteFailureAlone(after: successes)
                // The other alerts are sent first, except those that wait for it.
                let isAmongOthers = others.contains { $0.isDisjoint(with: entry.keys) }
                entry.retryAt =
                    entry.failsAlone && isAmongOthers
                    ? opensAt + pause(entry.failuresAlone) : opensAt
            } else {
                entry.separate(from: count)
            }
            add(entry)
        }
    }

    /// The time until the next possible action; nil if there is none.
    func pause(at now: Instant) -> Duration? {
        guard underway.isEmpty, !waiting.isEmpty else { return nil }
        let hold = waiting.contains(where: \.isHeld) ? holdEnd : nil
        let moments = [opensAt, hold].compactMap { $0 } + waiting.compactMap(\.retryAt)
        return moments.filter { $0 > now }.min().map { $0 - now }
    }
}

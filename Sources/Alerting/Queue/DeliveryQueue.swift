// The queue of alerts to the same targets by the same channel.

internal import EventLoop
internal import System

/// The queue of alerts to the same targets by the same channel.
///
/// An open lane delivers alerts singly, as they come. A failure closes it for a while; then one
/// attempt goes out, with all that has gathered as one digest, and when that arrives the lane is
/// open again.
final class DeliveryQueue {
    let channel: any Channel
    let targets: [String]

    private(set) var waiting: [QueuedAlert] = []
    private var underway = 0
    private var failures = 0
    private var opensAt: Instant?
    /// Whether it has failed while the program ends, when there is no later.
    private var isGivenUp = false

    /// More late alerts than this go out as a digest.
    static let fewAlerts = 3

    /// More alerts than this go out as a digest in any case: they come faster than they can be
    /// delivered.
    static let manyAlerts = 100

    init(channel: any Channel, targets: [String]) {
        self.channel = channel
        self.targets = targets
    }

    var isIdle: Bool { waiting.isEmpty && underway == 0 }

    /// The number of its oldest alert.
    var oldest: Int { waiting.first?.number ?? .max }

    /// Puts an alert into its place in the order of age.
    func add(_ entry: QueuedAlert) {
        var entry = entry
        entry.isLate = entry.isLate || opensAt != nil
        let place = waiting.lastIndex { $0.number < entry.number }.map { $0 + 1 } ?? 0
        waiting.insert(entry, at: place)
    }

    /// Takes out the oldest alert, or all of them.
    func removeOldest(_ count: Int = 1) -> [QueuedAlert] {
        let removed = Array(waiting.prefix(count))
        waiting.removeFirst(removed.count)
        return removed
    }

    /// Leaves the text of an alert to the spool.
    ///
    /// - Returns: How much room that makes, in bytes; nothing if there is no such alert.
    func lighten() -> Int? {
        guard let index = waiting.lastIndex(where: { $0.weight > 0 && $0.debt.isKept }) else {
            return nil
        }
        defer { waiting[index].weight = 0 }
        waiting[index].debt.evict()
        return waiting[index].weight
    }

    // MARK: Attempts

    /// Begins the next attempt, if there is one to be made.
    ///
    /// - Parameters:
    ///   - now: The present moment.
    ///   - isFinishing: Whether the program is about to end, so that nothing is gained by waiting.
    /// - Returns: The alerts that go out together, in order of age; none if the lane is closed or
    ///   has none.
    func begin(at now: Instant, isFinishing: Bool) -> [QueuedAlert] {
        if isFinishing {
            guard !isGivenUp else { return [] }
            guard !channel.tracksResolution || underway == 0 else { return [] }
        } else if channel.tracksResolution && underway > 0 {
            // What is wrong must not arrive after the word that it is well again.
            return []
        } else if let opensAt {
            guard underway == 0 && opensAt <= now else { return [] }
        }
        let entries = together(isFinishing: isFinishing)
        // One digest after the other, so that they arrive in order.
        guard entries.count == 1 || (!entries.isEmpty && underway == 0) else { return [] }
        let numbers = Set(entries.map(\.number))
        waiting.removeAll { numbers.contains($0.number) }
        underway += 1
        return entries
    }

    /// The alerts for one attempt: the oldest, or a digest of all that have gathered.
    ///
    /// Every fourth attempt after failures is a detour, with the one that has been tried the least,
    /// so that an alert or a digest which is refused each time does not keep the others waiting for
    /// ever.
    private func together(isFinishing: Bool) -> [QueuedAlert] {
        if channel.tracksResolution {
            let isAlone = waiting.first?.goesAlone == true
            return Array(waiting.prefix(isAlone ? 1 : Digest.capacity))
        }
        if failures % 4 == 3 {
            let next = waiting.min { ($0.attempts, $0.number) < ($1.attempts, $1.number) }
            return next.map { [$0] } ?? []
        }
        let sociable = waiting.filter { !$0.goesAlone }
        let late = isFinishing ? sociable.count : sociable.count(where: \.isLate)
        let isBacklog = late > Self.fewAlerts || sociable.count > Self.manyAlerts
        return Array(isBacklog ? sociable.prefix(Digest.capacity) : waiting.prefix(1))
    }

    /// Ends an attempt that came through: the lane is open again.
    ///
    /// - Parameter isProbe: Whether it was made to find out; one that had begun before the lane was
    ///   closed says nothing.
    func succeed(asProbe isProbe: Bool) {
        underway -= 1
        guard isProbe || opensAt == nil else { return }
        failures = 0
        opensAt = nil
    }

    /// Whether an attempt that begins now finds out if the lane can be opened.
    var isProbing: Bool { failures > 0 }

    /// Ends an attempt that did not come through, whatever becomes of its alerts.
    func end() {
        underway -= 1
    }

    /// Closes the lane for a while, and puts alerts back that did not come through.
    ///
    /// Of several attempts that fail together only the first counts.
    ///
    /// - Parameters:
    ///   - entries: The alerts.
    ///   - now: The present moment.
    ///   - isFinishing: Whether the program is about to end.
    ///   - pause: How long to wait after a number of failures in a row.
    func close(
        with entries: [QueuedAlert], at now: Instant, isFinishing: Bool, pause: (Int) -> Duration
    ) {
        isGivenUp = isFinishing
        if opensAt.map({ $0 <= now }) ?? true {
            failures += 1
            opensAt = now + pause(failures)
        }
        for index in waiting.indices { waiting[index].isLate = true }
        for var entry in entries {
            entry.attempts += 1
            add(entry)
        }
    }

    /// How long the lane is still closed; nothing if it is open or has nothing to wait for.
    func pause(at now: Instant) -> Duration? {
        guard let opensAt, !waiting.isEmpty, underway == 0 else { return nil }
        return max(.zero, opensAt - now)
    }
}

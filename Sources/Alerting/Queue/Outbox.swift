public import EventLoop
internal import System

/// The undelivered alerts and their retries.
///
/// Each alert is retried until it is delivered, for up to seven days. An alert that is permanently
/// rejected, or undelivered at the shutdown, is logged in full. Child processes make the
/// deliveries, up to eight at once, so a mail server that does not respond does not affect this
/// process.
public final class Outbox {
    let loop: PollLoop
    let clock: AlarmClock
    let channels: [any Channel]
    let log: DeliveryLog
    let spool: Spool?
    var generator: any RandomNumberGenerator

    var queues: [DeliveryQueue] = []
    var underway: [Int: (queue: DeliveryQueue, entries: [QueuedAlert])] = [:]
    var wakening: AlarmClock.Alarm?
    /// The approximate size of the texts in memory, in bytes.
    var size = 0
    /// The largest message that each server has recently accepted, by the identity of the channel.
    var limits: [String: SizeLimit] = [:]
    /// The number of attempts by which something was delivered, by the identity of the channel.
    var acceptances: [String: Int] = [:]
    var backlog: Backlog
    /// Called when no further progress is possible; set during the shutdown.
    var onExhaustion: (() -> Void)?

    private var held: [Ticket: PendingAlert] = [:]
    /// Those of them that an earlier run has held; they are sent together.
    private var restored: Set<Ticket> = []
    private var count = 0
    /// The alerts in memory by their keys, shared by several channels.
    private var known: [Spool.Key: Known] = [:]
    private var knownLimit = 1_024

    /// A reference to an alert that exists as long as a queue contains it.
    private struct Known {
        weak var pending: PendingAlert?
    }

    /// The maximum number of concurrent deliveries.
    public static let concurrency = 8

    /// The maximum size of undelivered alerts in bytes; beyond it the oldest one is logged and
    /// dropped.
    public static let capacity = 16_777_216

    /// The maximum size of a message in bytes, unless its server accepts less.
    public static let largestMessage = 1_048_576

    /// Called after each attempt with the channel's name and the number of alerts.
    public var onDelivery: (String, DeliveryMetric, Int) -> Void = { _, _, _ in }

    /// Makes the subject of a digest; nil for the usual one.
    public var digestSubject: ((Alert) -> String)?

    /// Called when a mail server has accepted several alerts as one mail.
    public var onDigest: (Set<Alert.Identity>, ThreadStart, any Channel) -> Void = { _, _, _ in }

    /// Called with each alert that is read from the spool.
    public var onAdoption: (Alert) -> Void = { _ in }

    /// Called with content of the spool that was expected to be an alert but is not.
    public var onOtherContent: (SpoolContent, Spool.Key) -> Void = { _, _ in }

    /// Creates an outbox.
    ///
    /// - Parameters:
    ///   - channels: The channels to which each alert is sent.
    ///   - loop: The event loop.
    ///   - log: The log for failures.
    ///   - confirms: Whether a delivered alert is logged as by superlance's crashmail and httpok,
    ///     with `Mailed:`.
    ///   - spool: The spool that keeps undelivered alerts; nil for memory only.
    ///   - clock: The current time; the loop's by default.
    ///   - generator: The source of random numbers.
    public init(
        channels: [any Channel], loop: PollLoop, log: Log, confirms: Bool, spool: Spool? = nil,
        clock: AlarmClock? = nil,
        generator: any RandomNumberGenerator = SystemRandomNumberGenerator()
    ) {
        self.channels = channels
        self.loop = loop
        self.log = DeliveryLog(log, confirms: confirms)
        self.spool = spool
        self.clock = clock ?? AlarmClock(loop)
        self.generator = generator
        backlog = Backlog(spool == nil ? [] : channels.map(\.identity))
    }

    var isFinishing: Bool { onExhaustion != nil }

    /// The number of undelivered alerts, counted for each channel.
    public var waitingCount: Int {
        queues.reduce(0) { $0 + $1.waiting.count }
            + underway.values.reduce(0) { $0 + $1.entries.count } + held.count + backlog.count
    }

    /// Whether a channel tracks resolution.
    public var hasStatefulChannels: Bool { channels.contains(where: \.tracksResolution) }

    // MARK: Posting

    /// Delivers an alert.
    ///
    /// - Parameter alert: The alert.
    public func post(_ alert: Alert) {
        enqueue(pending(alert, for: channels), number: nextNumber())
        begin()
    }

    /// Identifies a held alert.
    public struct Ticket: Hashable, Sendable {
        let number: Int
    }

    /// Stores an alert without delivering it yet, because details may follow.
    ///
    /// The alert is safe: it is in the spool, and is sent as it is at the shutdown.
    ///
    /// - Parameter alert: The alert.
    /// - Returns: A ticket for ``release(_:with:)``.
    public func hold(_ alert: Alert) -> Ticket {
        let ticket = Ticket(number: nextNumber())
        held[ticket] = pending(alert, for: channels, isHeld: true)
        return ticket
    }

    /// Holds an alert of an earlier run that was held when that run was killed.
    ///
    /// - Parameters:
    ///   - spooled: The alert.
    ///   - key: Its key in the spool.
    /// - Returns: A ticket for ``release(_:with:)``; nil if it has no recipient any more.
    public func hold(_ spooled: SpooledAlert, _ key: Spool.Key) -> Ticket? {
        guard let pending = adopted(spooled, key, at: clock.now(), isHeld: true) else { return nil }
        let ticket = Ticket(number: nextNumber())
        held[ticket] = pending
        restored.insert(ticket)
        return ticket
    }

    /// Delivers a held alert.
    ///
    /// - Parameters:
    ///   - ticket: Its ticket.
    ///   - alert: The alert with its details.
    public func release(_ ticket: Ticket, with alert: Alert) {
        guard let pending = held.removeValue(forKey: ticket) else { return }
        pending.complete(with: alert)
        let isLate = restored.remove(ticket) != nil
        enqueue(pending, number: ticket.number, isLate: isLate)
        if !isLate || restored.isEmpty { begin() }
    }

    /// Discards a held alert that turned out not to be needed.
    ///
    /// - Parameter ticket: Its ticket.
    public func discard(_ ticket: Ticket) {
        held.removeValue(forKey: ticket)?.cancel()
        if restored.remove(ticket) != nil, restored.isEmpty { begin() }
    }

    /// Delivers an alert only to channels that track resolution.
    ///
    /// - Parameter alert: The alert.
    public func postToStatefulChannels(_ alert: Alert) {
        post(alert, to: channels.filter(\.tracksResolution))
    }

    /// Delivers an alert only to channels that do not track resolution.
    ///
    /// - Parameter alert: The alert.
    public func postToStatelessChannels(_ alert: Alert) {
        post(alert, to: channels.filter { !$0.tracksResolution })
    }

    private func post(_ alert: Alert, to channels: [any Channel]) {
        guard !channels.isEmpty else { return }
        enqueue(pending(alert, for: channels), number: nextNumber())
        begin()
    }

    /// Delivers stored alerts; call it after ``adopt(_:)``.
    public func begin() {
        makeRoom()
        pump()
    }

    func nextNumber() -> Int {
        count += 1
        return count
    }

    private func pending(
        _ alert: Alert, for channels: [any Channel], isHeld: Bool = false
    ) -> PendingAlert {
        let incidents = alert.effectiveIncidents
        let targets = channels.filter { incidents.contains(where: $0.concerns) }
            .map { ($0.identity, $0.targets) }
        let remaining = Dictionary(targets) { first, _ in first }
        return PendingAlert(
            alert, remaining: remaining, spool: spool, at: clock.now(), isHeld: isHeld)
    }

    private func enqueue(_ pending: PendingAlert, number: Int, isLate: Bool = false) {
        if pending.remaining.isEmpty && !channels.isEmpty { log.hasNoRecipients(pending.alert) }
        let remaining = channels.filter { pending.remaining[$0.identity] != nil }
        // If older alerts are unread, it is queued behind them.
        let behind = pending.isKept ? remaining.filter { backlog.hasUnread($0.identity) } : []
        if let key = pending.key, !behind.isEmpty { backlog.add(key) }
        for channel in remaining where !behind.contains(where: { $0.identity == channel.identity })
        {
            add(pending, number: number, to: channel, isLate: isLate)
        }
        remember(pending)
    }

    func add(_ pending: PendingAlert, number: Int, to channel: any Channel, isLate: Bool = false) {
        guard let targets = pending.remaining[channel.identity] else { return }
        var entry = QueuedAlert(pending, number: number)
        entry.isLate = isLate
        size += entry.weight
        queue(to: targets, of: channel).add(entry)
    }

    func queue(to targets: [String], of channel: any Channel) -> DeliveryQueue {
        let known = queues.first {
            $0.targets == targets && $0.channel.identity == channel.identity
        }
        if let known { return known }
        let queue = DeliveryQueue(channel: channel, targets: targets)
        queues.append(queue)
        return queue
    }

    // MARK: Alerts that several channels share

    /// The alert of a key, if a queue has it.
    func known(_ key: Spool.Key) -> PendingAlert? { known[key]?.pending }

    /// Stores an alert for the other channels.
    func remember(_ pending: PendingAlert) {
        guard channels.count > 1, let key = pending.key else { return }
        known[key] = Known(pending: pending)
        guard known.count > knownLimit else { return }
        known = known.filter { $0.value.pending != nil }
        knownLimit = max(1_024, 2 * known.count)
    }

    // MARK: Shutdown

    /// Attempts to deliver everything once more, without pauses.
    ///
    /// - Parameter onExhaustion: Called when no further attempt is possible; call
    ///   ``logUndelivered()`` then.
    public func flush(onExhaustion: @escaping () -> Void) {
        self.onExhaustion = onExhaustion
        queues.forEach { $0.endHold() }
        pump()
    }

    /// Whether no delivery is running; during the shutdown, no further progress is possible then.
    public var isExhausted: Bool { underway.isEmpty }

    /// Logs all undelivered alerts, including those being delivered.
    public func logUndelivered() {
        for (_, delivery) in underway.sorted(by: { $0.key < $1.key }) {
            log.undelivered(
                delivery.entries, of: delivery.queue.targets,
                "the listener exited during the delivery; it may have been delivered")
        }
        underway = [:]
        for queue in queues {
            log.undelivered(
                queue.removeOldest(.max), of: queue.targets,
                "the listener exited before it was delivered")
        }
        log.remainInSpool(
            backlog.fileCount, "the listener exited before it was delivered")
        log.droppedInFull(held: held.values.filter { !$0.isKept })
    }
}

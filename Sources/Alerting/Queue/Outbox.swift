// Everything that is not delivered yet, and when to try again.

public import EventLoop
internal import System

/// Everything that is not delivered yet, and when to try again.
///
/// An alert that is posted is delivered, or tried again until it is; one that is refused for good,
/// or that is left at the end, is written to the log as a whole, so that it stands somewhere. All
/// work is done by child processes, up to eight at once: a mail server that hangs is nobody's
/// trouble but theirs.
public final class Outbox {
    private let loop: PollLoop
    private let channels: [any Channel]
    private let log: Log
    private let confirms: Bool
    private let spool: Spool?

    private var lanes: [DeliveryQueue] = []
    private var underway: [Int: (lane: DeliveryQueue, entries: [QueuedAlert])] = [:]
    private var count = 0
    private var size = 0
    private var held: [Ticket: PendingAlert] = [:]
    private var wakening: PollLoop.Timer?
    private var generator = SystemRandomNumberGenerator()
    /// What to do when nothing more can be done; set while the program ends.
    private var onExhaustion: (() -> Void)?

    /// The most deliveries at once.
    public static let concurrency = 8

    /// The most bytes of alerts that are kept; beyond them the oldest is written to the log and
    /// given up.
    public static let capacity = 16_777_216

    private var isFinishing: Bool { onExhaustion != nil }

    /// What became of alerts on their way by a channel.
    public enum Fate: String, CaseIterable, Sendable {
        /// Somebody has got them.
        case delivered
        /// An attempt has failed; there will be another one.
        case retried
        /// They were refused for good.
        case refused
    }

    /// Called whenever an attempt has ended, with the channel's name and the number of alerts.
    public var onFate: (String, Fate, Int) -> Void = { _, _, _ in }

    /// How many alerts are not settled yet, each channel counted by itself.
    public var waitingCount: Int {
        lanes.reduce(0) { $0 + $1.waiting.count }
            + underway.values.reduce(0) { $0 + $1.entries.count } + held.count
    }

    /// Whether there is a channel that keeps what is wrong.
    public var hasStatefulChannels: Bool { channels.contains(where: \.tracksResolution) }

    /// Makes an outbox.
    ///
    /// - Parameters:
    ///   - channels: By which ways each alert is to be told; with none, nothing is told.
    ///   - loop: The program's one wait.
    ///   - log: Where failures are told.
    ///   - confirms: Whether a delivered alert is logged as superlance's crashmail and httpok do
    ///     it, with `Mailed:`.
    ///   - spool: Where alerts are kept until they are delivered; with none, in memory.
    public init(
        channels: [any Channel], loop: PollLoop, log: Log, confirms: Bool, spool: Spool? = nil
    ) {
        self.channels = channels
        self.loop = loop
        self.log = log
        self.confirms = confirms
        self.spool = spool
    }

    /// Takes an alert over, and delivers it.
    ///
    /// - Parameter alert: What must be told.
    public func post(_ alert: Alert) {
        release(hold(alert))
    }

    /// Names an alert that is held.
    public struct Ticket: Hashable, Sendable {
        let number: Int
    }

    /// Takes an alert over without delivering it yet, since more may be found out about it.
    ///
    /// It is safe from now on: it is in the spool, and goes out as it is when the program ends.
    ///
    /// - Parameter alert: What must be told.
    /// - Returns: A ticket for ``release(_:saying:)``.
    public func hold(_ alert: Alert) -> Ticket {
        count += 1
        let targets = channels.map { ($0.name, $0.targets) }
        let debt = PendingAlert(alert, owed: Dictionary(targets) { $0 + $1 }, spool: spool)
        held[Ticket(number: count)] = debt
        return Ticket(number: count)
    }

    /// Delivers an alert that was held.
    ///
    /// - Parameters:
    ///   - ticket: Its ticket.
    ///   - alert: The alert in other words, now that more is known.
    public func release(_ ticket: Ticket, saying alert: Alert? = nil) {
        guard let debt = held.removeValue(forKey: ticket) else { return }
        if let alert { debt.reword(alert) }
        enqueue(debt, number: ticket.number)
        makeRoom()
        pump()
    }

    /// Drops an alert that was held: it has turned out to be none.
    ///
    /// - Parameter ticket: Its ticket.
    public func discard(_ ticket: Ticket) {
        held.removeValue(forKey: ticket)?.cancel()
    }

    /// Tells those channels alone that keep what is wrong.
    ///
    /// - Parameter alert: What they must be told.
    public func postToStatefulChannels(_ alert: Alert) {
        count += 1
        let stateful = channels.filter(\.tracksResolution).map { ($0.name, $0.targets) }
        let debt = PendingAlert(alert, owed: Dictionary(stateful) { $0 + $1 }, spool: spool)
        enqueue(debt, number: count)
        makeRoom()
        pump()
    }

    /// Takes over an alert that an earlier listener has left in the spool.
    ///
    /// - Parameters:
    ///   - alert: The alert.
    ///   - owed: Who is still to be told, by the name of the channel.
    ///   - key: Its key in the spool.
    public func adopt(_ alert: Alert, owed: [String: [String]], key: Spool.Key) {
        guard let spool else { return }
        count += 1
        let names = Set(channels.map(\.name))
        // Who was to be told by a channel that is no more is told by those that are.
        let isKnown = !owed.isEmpty && owed.keys.allSatisfy(names.contains)
        let targets = channels.map { ($0.name, $0.targets) }
        let debt = PendingAlert(
            alert, owed: isKnown ? owed : Dictionary(targets) { $0 + $1 }, spool: spool, key: key)
        enqueue(debt, number: count, isLate: true)
    }

    private func enqueue(_ debt: PendingAlert, number: Int, isLate: Bool = false) {
        for channel in channels {
            guard let targets = debt.owed[channel.name] else { continue }
            var entry = QueuedAlert(debt, number: number)
            entry.isLate = isLate
            entry.weight = debt.alert.size
            size += entry.weight
            lane(to: targets, of: channel).add(entry)
        }
    }

    /// Tries once more to deliver everything, without further waiting.
    ///
    /// - Parameter onExhaustion: Called whenever nothing more can be done than ``abandonAll()``.
    public func hurry(onExhaustion: @escaping () -> Void) {
        self.onExhaustion = onExhaustion
        pump()
    }

    /// Delivers what was left in the spool; to be called after ``adopt(_:owed:key:)``.
    public func begin() {
        makeRoom()
        pump()
    }

    /// Whether nothing is under way; while it hurries, that means that nothing more can be done.
    public var isExhausted: Bool { underway.isEmpty }

    /// Writes everything that is left to the log, what is under way too.
    public func abandonAll() {
        for (_, delivery) in underway.sorted(by: { $0.key < $1.key }) {
            abandon(
                delivery.entries, of: delivery.lane.targets,
                "this program ends before it is known to be delivered")
        }
        underway = [:]
        for lane in lanes {
            abandon(
                lane.removeOldest(.max), of: lane.targets,
                "this program ends before it could be delivered")
        }
        for debt in held.values where !debt.isKept {
            log.note(
                "giving up an alert of \(debt.alert.time.asctime): this program ends\n\(debt.alert.text)"
            )
        }
    }

    // MARK: Going out

    /// Starts what can be started, and sees to it that the rest is not forgotten.
    private func pump() {
        let now = Instant.now
        for lane in lanes.sorted(by: { $0.oldest < $1.oldest }) {
            while underway.count < Self.concurrency {
                let isProbe = lane.isProbing
                let entries = lane.begin(at: now, isFinishing: isFinishing)
                guard !entries.isEmpty else { break }
                start(entries, on: lane, asProbe: isProbe)
            }
        }
        lanes.removeAll(where: \.isIdle)
        scheduleWakening(at: now)
        if underway.isEmpty { onExhaustion?() }
    }

    private func start(_ entries: [QueuedAlert], on lane: DeliveryQueue, asProbe isProbe: Bool) {
        count += 1
        let number = count
        let now = Timestamp.now
        let entries = entries.map { entry in
            var entry = entry
            if entries.count > 1 { entry.digestDate = entry.digestDate ?? now }
            return entry
        }
        underway[number] = (lane, entries)
        // A digest that is sent again is the same one only if nobody has joined it.
        let date = entries.compactMap(\.digestDate).max() ?? now
        let alert = Digest.of(entries.map(\.alert), from: log.tool, at: date)
        let attempt = lane.channel.attempt(alert, to: lane.targets)
        loop.start(attempt.program, input: attempt.input, deadline: attempt.deadline) {
            [weak self] report in
            guard let self, underway.removeValue(forKey: number) != nil else { return }
            let outcome = Outcome(targets: lane.targets, statuses: attempt.statuses(report))
            settle(entries, on: lane, asProbe: isProbe, outcome, alert)
            pump()
        }
    }

    private func scheduleWakening(at now: Instant) {
        if let wakening { loop.cancel(wakening) }
        wakening = lanes.compactMap { $0.pause(at: now) }.min().map { pause in
            loop.after(pause) { [weak self] in self?.pump() }
        }
    }

    private func lane(to targets: [String], of channel: any Channel) -> DeliveryQueue {
        let known = lanes.first { $0.targets == targets && $0.channel.name == channel.name }
        if let known { return known }
        let lane = DeliveryQueue(channel: channel, targets: targets)
        lanes.append(lane)
        return lane
    }

    // MARK: Coming back

    private func settle(
        _ entries: [QueuedAlert], on lane: DeliveryQueue, asProbe isProbe: Bool, _ outcome: Outcome,
        _ alert: Alert
    ) {
        let isRefused = outcome.refused.count == lane.targets.count
        if isRefused && entries.count > 1 { return split(entries, on: lane, outcome) }

        size -= entries.reduce(0) { $0 + $1.weight }
        for entry in entries { entry.debt.settle(outcome.accepted, of: lane.channel.name) }
        report(outcome, entries.count, by: lane.channel)
        if !outcome.accepted.isEmpty {
            confirm(entries, alert, by: lane.channel, to: outcome.accepted)
        }
        if outcome.accepted.isEmpty && !isRefused {
            lane.end()
        } else {
            lane.succeed(asProbe: isProbe)
        }
        if !outcome.later.isEmpty { retry(entries, on: lane, outcome) }
        if !outcome.refused.isEmpty { tellRefusal(of: entries, by: lane.channel, outcome) }
    }

    private func report(_ outcome: Outcome, _ count: Int, by channel: any Channel) {
        if !outcome.accepted.isEmpty { onFate(channel.name, .delivered, count) }
        if !outcome.later.isEmpty { onFate(channel.name, .retried, count) }
        if !outcome.refused.isEmpty { onFate(channel.name, .refused, count) }
    }

    /// Lets the alerts of a refused digest go one by one: singly they may be taken.
    private func split(_ entries: [QueuedAlert], on lane: DeliveryQueue, _ outcome: Outcome) {
        log.note(
            "a digest of \(entries.count) alerts was refused, sending them one by one: "
                + outcome.reason)
        lane.succeed(asProbe: true)
        for var entry in entries {
            entry.goesAlone = true
            lane.add(entry)
        }
    }

    private func retry(_ entries: [QueuedAlert], on lane: DeliveryQueue, _ outcome: Outcome) {
        let next = self.lane(to: outcome.later, of: lane.channel)
        let entries = entries.compactMap { entry -> QueuedAlert? in
            guard !entry.debt.expire(at: .now) else {
                tellInFull(
                    [entry], of: outcome.later,
                    "undelivered for seven days, it is in the spool's folder failed: \(outcome.reason)"
                )
                return nil
            }
            var entry = entry
            entry.hasArrived = entry.hasArrived || !outcome.accepted.isEmpty
            return entry
        }
        size += entries.reduce(0) { $0 + $1.weight }
        next.close(with: entries, at: .now, isFinishing: isFinishing) { failures in
            max(Backoff.pause(after: failures, using: &generator), outcome.pause)
        }
        guard !isFinishing else { return log.note("not delivered: \(outcome.reason)") }
        guard !entries.isEmpty else { return }
        let pause = next.pause(at: .now).map {
            ", trying again in \(max(1, Int(($0 / .seconds(1)).rounded()))) s"
        }
        log.note("not delivered (\(next.waiting.count) waiting\(pause ?? "")): \(outcome.reason)")
    }

    // MARK: What is told

    private func confirm(
        _ entries: [QueuedAlert], _ alert: Alert, by channel: any Channel, to targets: [String]
    ) {
        let recipients = targets.joined(separator: ", ")
        if entries.count > 1 {
            log.note("delivered \(entries.count) alerts as one digest to \(recipients)")
        } else if confirms && channel.isMail {
            log.say("Mailed:\n\nTo: \(recipients)\n\(alert.text)")
        }
    }

    private func tellRefusal(of entries: [QueuedAlert], by channel: any Channel, _ outcome: Outcome)
    {
        let isLost = outcome.accepted.isEmpty && outcome.later.isEmpty
        let lost = entries.filter { isLost && !$0.hasArrived }
        if lost.isEmpty {
            let recipients = outcome.refused.joined(separator: ", ")
            log.note("refused for \(recipients), others have it: \(outcome.reason)")
        } else {
            tellInFull(lost, of: outcome.refused, outcome.reason)
        }
        for entry in entries { entry.debt.settle(outcome.refused, of: channel.name) }
    }

    /// Writes what is not in the spool to the log as a whole, the last place where it can stand.
    private func abandon(_ entries: [QueuedAlert], of targets: [String], _ reason: String) {
        let kept = entries.count(where: \.debt.isKept)
        if kept > 0 { log.note("\(kept) alerts stay in the spool: \(reason)") }
        tellInFull(entries.filter { !$0.debt.isKept }, of: targets, reason)
    }

    private func tellInFull(_ entries: [QueuedAlert], of targets: [String], _ reason: String) {
        let recipients = targets.joined(separator: ", ")
        for entry in entries {
            log.note(
                """
                giving up an alert of \(entry.alert.time.asctime) to \(recipients): \(reason)
                \(entry.alert.text)
                """)
        }
    }

    /// Leaves the text of one alert to the spool.
    private func lighten() -> Bool {
        for lane in lanes {
            guard let freed = lane.lighten() else { continue }
            size -= freed
            return true
        }
        return false
    }

    private func makeRoom() {
        while size > Self.capacity {
            // What the spool has need not be in memory, too.
            if lighten() { continue }
            guard let lane = lanes.min(by: { $0.oldest < $1.oldest }) else { return }
            let removed = lane.removeOldest()
            guard !removed.isEmpty else { return }
            size -= removed.reduce(0) { $0 + $1.weight }
            abandon(removed, of: lane.targets, "too many alerts are waiting")
        }
    }
}

extension Alert {
    /// What it takes to keep it, in bytes, about.
    fileprivate var size: Int {
        body.utf8.count + (subject?.utf8.count ?? 0)
    }
}

internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import System
internal import Text

/// Keeps what a ``FloodLimit`` counts, in the spool if there is one, and reports it in time.
final class FloodControl {
    private var limit: FloodLimit
    private let loop: PollLoop
    private let spool: Spool?
    private let log: Log
    /// Whether there is a channel to which the limit applies.
    private let isActive: Bool
    private var keys: [FloodLimit.Key: Spool.Key] = [:]
    private var timer: PollLoop.Timer?

    /// The first mail about a process or URL.
    var startOfThread: (AlertTopic) -> ThreadStart? = { _ in nil }

    /// Sends a summary; the completion is to be called when it is in the outbox.
    var report: ([RepeatedIncident], _ completion: @escaping () -> Void) -> Void = { $1() }

    /// Creates a control.
    ///
    /// - Parameters:
    ///   - limit: The limit.
    ///   - loop: Provides the timers.
    ///   - spool: Stores what is counted.
    ///   - log: The log.
    ///   - isActive: Whether there is a channel to which the limit applies.
    init(_ limit: FloodLimit, loop: PollLoop, spool: Spool?, log: Log, isActive: Bool = true) {
        self.limit = limit
        self.loop = loop
        self.spool = spool
        self.log = log
        self.isActive = isActive
    }

    /// Decides about an incident by its process or URL, and counts it if it is not to be reported
    /// at once.
    ///
    /// - Parameter incident: The incident.
    /// - Returns: Whether to report it.
    func admits(_ incident: Incident) -> Bool {
        guard isActive, incident.kind.isLimited else { return true }
        let topic = AlertTopic(incident)
        let isWorse = limit.admitsWorse(incident, at: .now)
        guard !limit.admits(topic, at: .now), !isWorse else { return true }
        let rate = limit.cooldown == nil ? limit.rate : nil
        count(
            incident, because: .topic, "\(topic)",
            rate.map { "it had \($0)" } ?? "it is in its cooldown")
        return false
    }

    /// Decides about an alert by all that the listener sends, and counts its incidents if it is not
    /// to be sent at once.
    ///
    /// - Parameter incidents: The incidents of the alert.
    /// - Returns: Whether to send it.
    func admitsFromListener(_ incidents: [Incident]) -> Bool {
        let limited = incidents.filter(\.kind.isLimited)
        guard isActive, !limited.isEmpty else { return true }
        let isWorse = limited.allSatisfy(\.hasLeftDown)
        let topics = Set(limited.map(AlertTopic.init))
        guard !limit.admitsFromListener(topics, isWorse: isWorse, at: .now) else { return true }
        let rate = limit.rate.map { "\($0.forListener)" } ?? ""
        for incident in limited {
            count(
                incident, because: .listener, "\(AlertTopic(incident))",
                "this listener has sent \(rate)")
        }
        return false
    }

    /// Takes note of a recovery that is reported: the next incident is news.
    ///
    /// - Parameter topic: What has recovered.
    func noteRecovery(of topic: AlertTopic) {
        limit.noteRecovery(of: topic)
    }

    private func count(
        _ incident: Incident, because reason: FloodLimit.Reason, _ topic: String,
        _ words: String
    ) {
        let line = incident.message.firstLine
        log.report(.info, "alert about \(topic) counted, not sent, because \(words): \(line)")
        var counted = RepeatedIncident(incident)
        counted.start = startOfThread(AlertTopic(incident))
        keep(limit.count(counted, because: reason, at: .now))
    }

    /// Restores incidents that an earlier run has counted.
    ///
    /// - Parameters:
    ///   - incidents: The incidents.
    ///   - key: Their key in the spool; nil if they are stored elsewhere.
    func restore(_ incidents: RepeatedIncident, _ key: Spool.Key?) {
        keep(limit.restore(incidents, at: .now, .now))
        if let key { spool?.remove(key) }
    }

    /// Forgets mails that turned out not to be sent, so that no summary answers them.
    ///
    /// - Parameter alerts: The alerts.
    func forget(_ alerts: Set<Alert.Identity>) {
        for counted in limit.forget(alerts) { keep(counted) }
    }

    private func keep(_ counted: (key: FloodLimit.Key, incidents: RepeatedIncident)) {
        if let key = keys[counted.key] {
            spool?.replace(key, by: .counted(counted.incidents))
        } else {
            keys[counted.key] = spool?.keep(.counted(counted.incidents))
        }
        schedule()
    }

    /// How many incidents are counted for a summary.
    var count: Int { limit.count }

    // MARK: Summaries

    /// How long the end of a cooldown waits for others: those of processes that were in one alert
    /// end shortly after each other.
    private static let gathering = Duration.seconds(2)

    private func schedule() {
        let pause = limit.cooldown == nil ? .zero : Self.gathering
        loop.reset(&timer, to: limit.next.map { $0 + pause }) { [weak self] in self?.reportDue() }
    }

    private func reportDue() {
        timer = nil
        send(limit.takeDue(at: .now))
        schedule()
    }

    /// Reports now what is counted about some topics.
    ///
    /// - Parameters:
    ///   - topics: The topics.
    ///   - completion: Called when it is in the outbox.
    func reportNow(_ topics: [AlertTopic], completion: @escaping () -> Void) {
        send(topics.map { limit.take($0) }, completion: completion)
        schedule()
    }

    /// Reports everything that is counted, before the program exits.
    func finish() {
        send(limit.takeAll())
        schedule()
    }

    /// Sends summaries: those in the thread of the same mail as one.
    private func send(
        _ summaries: [FloodLimit.Summary], completion: @escaping () -> Void = {}
    ) {
        var joint: [FloodLimit.Summary] = []
        for summary in summaries where !summary.isEmpty {
            let start = Self.start(of: summary)
            if start != nil, let index = joint.firstIndex(where: { Self.start(of: $0) == start }) {
                joint[index] += summary
            } else {
                joint.append(summary)
            }
        }
        var open = joint.count
        guard open > 0 else { return completion() }
        for summary in joint {
            send(summary) {
                open -= 1
                if open == 0 { completion() }
            }
        }
    }

    /// The mail that a whole summary belongs to; nil if there is none.
    private static func start(of summary: FloodLimit.Summary) -> Alert.Identity? {
        let starts = Set(summary.map(\.incidents.start?.identity))
        return starts.count == 1 ? starts.first ?? nil : nil
    }

    private func send(
        _ summary: FloodLimit.Summary, completion: @escaping () -> Void
    ) {
        // Later incidents with the same key are stored anew.
        let stored = summary.compactMap { keys.removeValue(forKey: $0.key) }
        report(summary.map(\.incidents)) { [spool] in
            // Only now is the alert itself in the spool.
            for key in stored { spool?.remove(key) }
            completion()
        }
    }
}

extension Incident.Kind {
    /// Whether alerts of this kind can be a flood.
    ///
    /// Each recovery follows an alert, and `--reminder` sets the pace of those that restarts do not
    /// help.
    var isLimited: Bool {
        switch self {
        case .exited, .fatal, .unhealthy, .memory, .other: true
        case .gaveUp, .recovered, .test: false
        }
    }
}

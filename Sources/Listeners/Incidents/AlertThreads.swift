internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import System

/// Tracks the first mail about each process and URL, so that summaries and the recovery are shown
/// below it.
final class AlertThreads {
    private struct Entry {
        var thread: AlertThread
        /// Its key in the spool, for the next run.
        var key: Spool.Key?
    }

    private var entries: [AlertTopic: Entry] = [:]
    /// The alerts that processes are FATAL.
    private(set) var fatal: FatalThreads
    private let spool: Spool?

    /// Which incidents have the same recipients.
    var routes = AlertRoutes()

    /// Whether recoveries are reported, which end a thread.
    var awaitsRecovery = false

    /// Called with each topic of which an alert was sent.
    var onAlert: (AlertTopic) -> Void = { _ in }

    /// Creates the list.
    ///
    /// - Parameter spool: Stores the threads that wait for a recovery.
    init(spool: Spool?) {
        self.spool = spool
        fatal = FatalThreads(spool: spool)
    }

    /// The thread of a process or URL.
    func thread(of topic: AlertTopic, at now: Timestamp = .now) -> AlertThread? {
        guard let thread = entries[topic]?.thread, !isOver(thread, at: now) else { return nil }
        return thread
    }

    /// The processes that wait for a recovery.
    var processes: Set<ProcessName> {
        guard awaitsRecovery else { return [] }
        return Set(
            entries.keys.compactMap { topic in
                if case .process(let process) = topic { process } else { nil }
            })
    }

    /// Records an alert that is sent.
    func note(_ alert: Alert) {
        let starts = routes.starts(of: alert)
        for incident in alert.incidents { note(RepeatedIncident(incident), starts(incident)) }
    }

    /// Records incidents that were counted.
    ///
    /// - Parameters:
    ///   - incidents: The incidents.
    ///   - summary: The mail that reports them, which begins a thread if there is none.
    func note(_ incidents: RepeatedIncident, _ summary: ThreadStart) {
        let topic = AlertTopic(incidents.latest)
        guard topic != .listener, ![.recovered, .test].contains(incidents.latest.kind) else {
            return
        }
        fatal.note(incidents, summary)
        if var entry = entries[topic], !isOver(entry.thread, at: incidents.latest.time) {
            entry.thread.add(incidents.count, until: incidents.latest)
            keep(entry, topic)
        } else {
            if entries.count > Self.most { forgetOld(at: .now) }
            var first = incidents.latest
            if incidents.first < first.start { first.since = incidents.first }
            let thread = AlertThread(
                first, start: incidents.start ?? summary, count: incidents.count)
            keep(Entry(thread: thread, key: entries[topic]?.key), topic)
        }
        onAlert(topic)
    }

    private func keep(_ entry: Entry, _ topic: AlertTopic) {
        var entry = entry
        if awaitsRecovery(entry.thread) {
            if let key = entry.key {
                spool?.replace(key, by: .thread(entry.thread))
            } else {
                entry.key = spool?.keep(.thread(entry.thread))
            }
        }
        entries[topic] = entry
    }

    /// Ends a thread, because the process or URL has recovered.
    ///
    /// - Parameter topic: The process or URL.
    /// - Returns: The thread; nil if nothing was reported.
    @discardableResult
    func end(_ topic: AlertTopic) -> AlertThread? {
        let thread = thread(of: topic)
        if case .process(let process) = topic { fatal.end(process) }
        if let key = entries.removeValue(forKey: topic)?.key { spool?.remove(key) }
        return thread
    }

    /// Restores a thread of an earlier run.
    func restore(_ thread: AlertThread, _ key: Spool.Key) {
        let topic = AlertTopic(thread.first)
        guard awaitsRecovery(thread), entries[topic] == nil else {
            spool?.remove(key)
            return
        }
        entries[topic] = Entry(thread: thread, key: key)
    }

    /// Restores the series of a FATAL process of an earlier run.
    func restore(series thread: AlertThread, _ key: Spool.Key) {
        fatal.restore(thread, key)
    }

    /// Records a change of state, which may end a series of failed starts.
    func note(_ process: ProcessName, _ name: EventName, at now: Instant) {
        guard fatal.note(process, name, at: now), !awaitsRecovery else { return }
        // What happens from now on is news.
        end(.process(process))
    }

    /// Records that alerts were sent in a digest, so that it is their first mail.
    ///
    /// - Parameters:
    ///   - alerts: The alerts.
    ///   - digest: The digest.
    ///   - isIn: Whether the digest has an incident, unlike those to other recipients.
    func move(
        _ alerts: Set<Alert.Identity>, to digest: ThreadStart,
        where isIn: (Incident) -> Bool = { _ in true }
    ) {
        fatal.move(alerts) { isIn($0) ? digest : nil }
        for (topic, var entry) in entries
        where alerts.contains(entry.thread.start.identity) && isIn(entry.thread.first) {
            entry.thread.start = digest
            keep(entry, topic)
        }
    }

    /// Records that alerts were sent as another one, or with another subject.
    ///
    /// - Parameters:
    ///   - alerts: The alerts.
    ///   - alert: The one that was sent.
    func move(_ alerts: Set<Alert.Identity>, to alert: Alert) {
        let starts = routes.starts(of: alert)
        fatal.move(alerts, to: starts)
        for (topic, var entry) in entries
        where alerts.contains(entry.thread.start.identity) {
            entry.thread.start = starts(entry.thread.first)
            keep(entry, topic)
        }
    }

    /// Records when the incident of an alert began, if its diagnosis has found an earlier time.
    func note(startOf alert: Alert) {
        for incident in alert.incidents {
            let topic = AlertTopic(incident)
            guard var entry = entries[topic], entry.thread.start.identity == alert.identity,
                incident.start < entry.thread.first.start
            else { continue }
            entry.thread.first.since = incident.start
            keep(entry, topic)
        }
    }

    /// Removes the threads that begin with alerts which are not sent.
    ///
    /// - Parameter alerts: The alerts.
    func drop(_ alerts: Set<Alert.Identity>) {
        fatal.drop(alerts)
        for (topic, entry) in entries where alerts.contains(entry.thread.start.identity) {
            end(topic)
        }
    }

    /// Whether the recovery will be reported: always for notices, which have a topic.
    private func awaitsRecovery(_ thread: AlertThread) -> Bool {
        awaitsRecovery || thread.first.notice != nil
    }

    /// Whether a thread is so old that another incident begins a new one.
    private func isOver(_ thread: AlertThread, at now: Timestamp) -> Bool {
        let age =
            awaitsRecovery(thread)
            ? Self.longestWait : thread.first.kind == .fatal ? FatalThreads.pause : Self.pause
        return now.seconds - thread.latest.seconds > age
    }

    /// How long a recovery is awaited, in seconds.
    private static let longestWait = 604_800
    /// How long a loop pauses at most, in seconds.
    private static let pause = 3_600
    /// Threads are forgotten only when there are many.
    private static let most = 1_024

    private func forgetOld(at now: Timestamp) {
        for (topic, entry) in entries where isOver(entry.thread, at: now) { end(topic) }
    }
}

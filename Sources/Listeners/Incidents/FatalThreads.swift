internal import Alerting
internal import ListenerProtocol
internal import System

/// The alerts that processes are FATAL, from the first one of a series.
///
/// A thread of a process has its crashes, too, and may begin with one: neither is an attempt to
/// start it.
struct FatalThreads {
    private struct Entry {
        var thread: AlertThread
        /// Its key in the spool, for the next run.
        var key: Spool.Key?
    }

    private var entries: [ProcessName: Entry] = [:]
    private let spool: Spool?
    /// Since when they are RUNNING, as far as it is known.
    private var running: [ProcessName: Instant] = [:]
    /// When those of an earlier run were restored, until their next change of state.
    private var restored: [ProcessName: Instant] = [:]

    /// How long a FATAL program waits for another start at most, in seconds.
    static let pause = 86_400
    /// Threads are forgotten only when there are many.
    private static let most = 1_024

    /// Creates the list.
    ///
    /// - Parameter spool: Stores the threads.
    init(spool: Spool?) {
        self.spool = spool
    }

    /// The thread of a process; nil if its series has ended, or it was never FATAL.
    subscript(process: ProcessName, at now: Timestamp = .now) -> AlertThread? {
        guard let thread = entries[process]?.thread, !Self.isOver(thread, at: now) else {
            return nil
        }
        return thread
    }

    private static func isOver(_ thread: AlertThread, at now: Timestamp) -> Bool {
        now.seconds.subtractingSaturated(thread.latest.seconds) > pause
    }

    /// Records incidents; only those of FATAL processes count.
    ///
    /// - Parameters:
    ///   - incidents: The incidents.
    ///   - start: The mail that reports them.
    mutating func note(_ incidents: RepeatedIncident, _ start: ThreadStart) {
        guard incidents.latest.kind == .fatal, let process = incidents.latest.process else {
            return
        }
        guard var thread = self[process, at: incidents.latest.time] else {
            if entries.count > Self.most { endOld(at: .now) }
            let thread = AlertThread(
                incidents.latest, start: incidents.start ?? start, count: incidents.count)
            return keep(thread, process)
        }
        thread.add(incidents.count, until: incidents.latest)
        keep(thread, process)
    }

    private mutating func keep(_ thread: AlertThread, _ process: ProcessName) {
        var entry = entries[process] ?? Entry(thread: thread)
        entry.thread = thread
        if let key = entry.key {
            spool?.replace(key, by: .series(thread))
        } else {
            entry.key = spool?.keep(.series(thread))
        }
        entries[process] = entry
    }

    private mutating func endOld(at now: Timestamp) {
        for (process, entry) in entries where Self.isOver(entry.thread, at: now) { end(process) }
    }

    /// Restores the thread of an earlier run.
    mutating func restore(_ thread: AlertThread, _ key: Spool.Key) {
        guard let process = thread.first.process, entries[process] == nil,
            !Self.isOver(thread, at: .now)
        else {
            spool?.remove(key)
            return
        }
        entries[process] = Entry(thread: thread, key: key)
        restored[process] = .now
    }

    /// Records a change of state: a series ends when the process runs for long enough, or is stopped
    /// by a person.
    ///
    /// - Parameters:
    ///   - process: The process.
    ///   - name: The event.
    ///   - now: The current time.
    /// - Returns: Whether the process has run for long enough.
    mutating func note(_ process: ProcessName, _ name: EventName, at now: Instant) -> Bool {
        guard entries[process] != nil else { return false }
        let restored = restored.removeValue(forKey: process)
        // What exits has been RUNNING until now.
        let since =
            running.removeValue(forKey: process)
            ?? (name == .processStateExited ? restored : nil)
        switch name {
        case .processStateRunning:
            running[process] = now
            return false
        case .processStateStopped:
            end(process)
            return false
        default:
            guard let since, now - since >= RetrySchedule.stabilityPeriod else { return false }
            end(process)
            return true
        }
    }

    /// Ends the series of a process.
    mutating func end(_ process: ProcessName) {
        if let key = entries.removeValue(forKey: process)?.key { spool?.remove(key) }
        running[process] = nil
        restored[process] = nil
    }

    /// Records that alerts were sent in another one.
    ///
    /// - Parameters:
    ///   - alerts: The alerts.
    ///   - start: Returns the mail that was sent about an incident; nil if it is none of them.
    mutating func move(_ alerts: Set<Alert.Identity>, to start: (Incident) -> ThreadStart?) {
        for (process, var thread) in entries.mapValues(\.thread)
        where alerts.contains(thread.start.identity) {
            guard let start = start(thread.first) else { continue }
            thread.start = start
            keep(thread, process)
        }
    }

    /// Removes the threads that begin with alerts which are not sent.
    mutating func drop(_ alerts: Set<Alert.Identity>) {
        for (process, entry) in entries where alerts.contains(entry.thread.start.identity) {
            end(process)
        }
    }
}

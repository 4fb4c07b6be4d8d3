internal import Alerting
internal import ListenerProtocol
internal import System

/// The alerts that processes are FATAL, from the first one of a series.
///
/// A thread of a process has its crashes, too, and may begin with one: neither is an attempt to
/// start it.
struct FatalThreads {
    private var threads: [ProcessName: AlertThread] = [:]
    /// Since when they are RUNNING, as far as it is known.
    private var running: [ProcessName: Instant] = [:]

    /// How long a FATAL program waits for another start at most, in seconds.
    static let pause = 86_400
    /// Threads are forgotten only when there are many.
    private static let most = 1_024

    /// The thread of a process; nil if its series has ended, or it was never FATAL.
    subscript(process: ProcessName, at now: Timestamp = .now) -> AlertThread? {
        guard let thread = threads[process], !Self.isOver(thread, at: now) else { return nil }
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
            if threads.count > Self.most {
                threads = threads.filter { !Self.isOver($0.value, at: .now) }
            }
            threads[process] = AlertThread(
                incidents.latest, start: incidents.start ?? start, count: incidents.count)
            return
        }
        thread.add(incidents.count, until: incidents.latest)
        threads[process] = thread
    }

    /// Restores the thread of an earlier run, if it is one of a FATAL process.
    mutating func restore(_ thread: AlertThread) {
        guard thread.first.kind == .fatal, let process = thread.first.process else { return }
        threads[process] = thread
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
        guard threads[process] != nil else { return false }
        let since = running.removeValue(forKey: process)
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
        threads[process] = nil
        running[process] = nil
    }

    /// Records that alerts were sent in another one.
    ///
    /// - Parameters:
    ///   - alerts: The alerts.
    ///   - start: Returns the mail that was sent about an incident; nil if it is none of them.
    mutating func move(_ alerts: Set<Alert.Identity>, to start: (Incident) -> ThreadStart?) {
        for (process, thread) in threads where alerts.contains(thread.start.identity) {
            guard let start = start(thread.first) else { continue }
            threads[process]?.start = start
        }
    }

    /// Removes the threads that begin with alerts which are not sent.
    mutating func drop(_ alerts: Set<Alert.Identity>) {
        threads = threads.filter { !alerts.contains($0.value.start.identity) }
    }
}

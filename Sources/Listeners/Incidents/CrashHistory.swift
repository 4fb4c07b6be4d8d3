internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import System

/// Counts the recent crashes of processes since this listener was started.
struct CrashHistory {
    private var deaths: [ProcessName: [Instant]] = [:]
    private let started: Instant
    private let startedAt: Timestamp

    private static let hour = Duration.seconds(3_600)

    /// The maximum number of crashes kept for each process, to limit the memory for one that
    /// crashes as fast as it can be restarted.
    private static let capacity = 1_000

    /// Creates an empty history.
    ///
    /// - Parameters:
    ///   - started: Since when crashes are counted.
    ///   - time: The same time on the wall clock.
    init(started: Instant = .now, at time: Timestamp = .now) {
        self.started = started
        startedAt = time
    }

    /// Records a crash.
    ///
    /// - Parameters:
    ///   - process: The process.
    ///   - now: The current time.
    /// - Returns: How often it crashed recently, including this time: the number, and a clause.
    mutating func note(
        _ process: ProcessName, at now: Instant
    ) -> (crashes: CrashCount, words: String) {
        // Processes without a recent crash are removed.
        for (name, times) in deaths where times.last.map({ now - $0 > Self.hour }) ?? true {
            deaths[name] = nil
        }
        let recent = deaths[process, default: []].filter { now - $0 <= Self.hour } + [now]
        deaths[process] = Array(recent.suffix(Self.capacity))
        let isTruncated = recent.count > Self.capacity
        let count = isTruncated ? "more than \(Self.capacity)" : "\(recent.count)"
        let period = min(now - started, Self.hour)
        let crashes = CrashCount(
            min(recent.count, Self.capacity), within: max(1, Int(period.components.seconds)),
            isMinimum: isTruncated)
        guard period >= Self.hour else {
            return (
                crashes,
                "\(count) since \(startedAt.formatted("%H:%M:%S")), when this listener started"
            )
        }
        return (crashes, "\(count) in the last hour")
    }
}

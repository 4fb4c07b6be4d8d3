// How often processes died lately.

internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import System

/// How often processes died lately, as far as this listener was there.
struct CrashHistory {
    private var deaths: [ProcessName: [Instant]] = [:]
    private let started: Instant
    private let startedAt: Timestamp

    private static let hour = Duration.seconds(3_600)

    /// How many deaths of a process are remembered: one that dies as fast as it can be started
    /// would fill the memory for an hour, and nobody asks how many more there were.
    private static let capacity = 1_000

    /// Begins to count.
    ///
    /// - Parameters:
    ///   - started: Since when deaths are seen.
    ///   - time: The same on the wall clock.
    init(started: Instant = .now, at time: Timestamp = .now) {
        self.started = started
        startedAt = time
    }

    /// Notes a death.
    ///
    /// - Parameters:
    ///   - process: The process.
    ///   - now: The present moment.
    /// - Returns: How often it died lately, this time included, in a clause.
    mutating func note(_ process: ProcessName, at now: Instant) -> String {
        // A process that never dies again is not remembered for ever.
        for (name, times) in deaths where times.last.map({ now - $0 > Self.hour }) ?? true {
            deaths[name] = nil
        }
        let recent = deaths[process, default: []].filter { now - $0 <= Self.hour } + [now]
        deaths[process] = Array(recent.suffix(Self.capacity))
        let count = recent.count > Self.capacity ? "more than \(Self.capacity)" : "\(recent.count)"
        guard now - started >= Self.hour else {
            return
                "\(count) since \(startedAt.formatted("%H:%M:%S")), when this listener started"
        }
        return "\(count) in the last hour"
    }
}

internal import ListenerProtocol
internal import System

/// Decides which crashes are one alert: those of many processes that died together.
///
/// A crash waits for the others that may belong to it. It belongs to a burst if there is any span
/// of ``window`` around it in which at least ``least`` processes died. While further processes die,
/// they join the burst: on a busy host, the events of one second arrive over several.
struct CrashBurst<Crash> {
    /// How close together crashes must be.
    static var window: Duration { .seconds(2) }

    /// How many processes at least are a burst.
    static var least: Int { 6 }

    /// How long a burst waits for another process after the last one that joined it.
    private static var pause: Duration { .milliseconds(400) }

    /// How long a burst waits at most.
    private static var longest: Duration { .seconds(4) }

    private struct Waiting {
        let crash: Crash
        let process: ProcessName
        let time: Instant
        var isInBurst = false
    }

    private var waiting: [Waiting] = []
    /// The latest crashes, including those that no longer wait.
    private var recent: [(process: ProcessName, time: Instant)] = []
    /// When a process last crashed that none of the waiting crashes has.
    private var joined: Instant?
    /// How much time does not count.
    private var excluded = Duration.zero

    /// Excludes time in which no event could arrive, because the listener was busy: a slow disk must
    /// not make several alerts of one burst.
    ///
    /// - Parameter time: The time that has just passed.
    mutating func exclude(_ time: Duration) {
        // While nothing waits, there is nothing to delay.
        if !waiting.isEmpty { excluded += max(.zero, time) }
    }

    /// Adds a crash.
    ///
    /// - Parameters:
    ///   - crash: The crash.
    ///   - process: Its process; of one process, several crashes count once.
    ///   - now: The current time.
    mutating func add(_ crash: Crash, of process: ProcessName, at now: Instant) {
        let now = now + (.zero - excluded)
        if !waiting.contains(where: { $0.process == process }) { joined = now }
        waiting.append(Waiting(crash: crash, process: process, time: now))
        recent.removeAll { now - $0.time > Self.window || $0.process == process }
        recent.append((process, now))
        guard recent.count >= Self.least else { return }
        for index in waiting.indices where now - waiting[index].time <= Self.window {
            waiting[index].isInBurst = true
        }
    }

    /// When the next crash has waited long enough; nil if none waits.
    var next: Instant? {
        let single = waiting.first { !$0.isInBurst }.map { $0.time + Self.window }
        return [single, endOfBurst].compactMap { $0 }.min().map { $0 + excluded }
    }

    /// When the burst has waited long enough; nil if there is none.
    private var endOfBurst: Instant? {
        guard let first = waiting.first(where: \.isInBurst)?.time else { return nil }
        let end = joined.map { min($0 + Self.pause, first + Self.longest) } ?? first
        return max(first + Self.window, end)
    }

    /// Removes the crashes that have waited long enough, each group for one alert.
    ///
    /// - Parameter now: The current time.
    /// - Returns: The groups; that of a burst includes all of it so far.
    mutating func takeDue(at now: Instant) -> [[Crash]] {
        let now = now + (.zero - excluded)
        let due = waiting.filter { !$0.isInBurst && $0.time + Self.window <= now }
        var groups = due.map { [$0.crash] }
        waiting.removeAll { !$0.isInBurst && $0.time + Self.window <= now }
        if let end = endOfBurst, end <= now { groups.append(takeBurst()) }
        return groups
    }

    /// Removes a crash that turned out to be none.
    mutating func remove(where isNone: (Crash) -> Bool) {
        waiting.removeAll { isNone($0.crash) }
    }

    /// Removes everything, before the program exits.
    mutating func takeAll() -> [[Crash]] {
        let burst = takeBurst()
        defer { waiting = [] }
        return waiting.map { [$0.crash] } + (burst.isEmpty ? [] : [burst])
    }

    private mutating func takeBurst() -> [Crash] {
        defer { waiting.removeAll(where: \.isInBurst) }
        return waiting.filter(\.isInBurst).map(\.crash)
    }
}

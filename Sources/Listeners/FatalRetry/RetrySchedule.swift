// When FATAL programs are started again.

internal import ListenerProtocol
internal import System

/// When FATAL programs are started again: a value, to which moments and chance are handed in.
///
/// A series begins with FATAL. Each further FATAL makes the pause longer; ten minutes of RUNNING end
/// the series, and so does a person who stops or starts the program.
struct RetrySchedule {
    /// How long pauses are.
    let pause: RetryPause

    private var series: [ProcessName: Series] = [:]

    /// A schedule without programs.
    init(pause: RetryPause = RetryPause()) {
        self.pause = pause
    }

    /// How long a program has to be RUNNING until it counts as recovered.
    static let stabilityPeriod = Duration.seconds(600)

    /// The attempts to start a program, from a FATAL to its recovery.
    private struct Series {
        /// The number of the next attempt, from 1.
        var attempt = 0
        /// When it is due; nothing while it is under way or the program is up.
        var due: Instant?
        /// Whether a start was asked for that has not been seen yet.
        var isAsked = false
        /// Since when the program is RUNNING.
        var runningSince: Instant?
    }

    /// What a change of state means for a program.
    enum Consequence: Hashable {
        /// Nothing new.
        case none
        /// It will be started again.
        case retry(attempt: Int, after: Duration)
        /// A person has taken over.
        case takenOver
    }

    /// Notes a change of state.
    ///
    /// - Parameters:
    ///   - process: The program's process.
    ///   - name: The event.
    ///   - fromState: The state that it left.
    ///   - now: The present moment.
    ///   - chance: A random number from 0 to 1.
    /// - Returns: What it means.
    mutating func note(
        _ process: ProcessName, _ name: EventName, from fromState: String, at now: Instant,
        chance: Double
    ) -> Consequence {
        endIfStable(process, at: now)
        switch name {
        case .processStateFatal:
            return fail(process, at: now, chance: chance)
        case .processStateRunning:
            series[process]?.runningSince = now
            return .none
        case .processStateStarting where fromState == "FATAL":
            guard let own = series[process] else { return .none }
            guard own.isAsked else { return takeOver(process) }
            series[process]?.isAsked = false
            return .none
        case .processStateStopping, .processStateStopped:
            return takeOver(process)
        default:
            series[process]?.runningSince = nil
            return .none
        }
    }

    private mutating func endIfStable(_ process: ProcessName, at now: Instant) {
        guard let since = series[process]?.runningSince, now - since >= Self.stabilityPeriod else {
            return
        }
        series[process] = nil
    }

    private mutating func fail(
        _ process: ProcessName, at now: Instant, chance: Double
    ) -> Consequence {
        var own = series[process, default: Series()]
        own.attempt += 1
        let length = pause.before(attempt: own.attempt, chance: chance)
        own.due = now + length
        own.isAsked = false
        own.runningSince = nil
        series[process] = own
        return .retry(attempt: own.attempt, after: length)
    }

    private mutating func takeOver(_ process: ProcessName) -> Consequence {
        series.removeValue(forKey: process) == nil ? .none : .takenOver
    }

    /// The programs whose next attempt is due; they are no longer, from now on.
    ///
    /// - Parameter now: The present moment.
    /// - Returns: The programs, each with the number of the attempt.
    mutating func takeDue(at now: Instant) -> [(process: ProcessName, attempt: Int)] {
        let due = series.filter { $0.value.due.map { $0 <= now } ?? false }
        for process in due.keys {
            series[process]?.due = nil
            series[process]?.isAsked = true
        }
        return due.map { ($0.key, $0.value.attempt) }.sorted { $0.0.full < $1.0.full }
    }

    /// Puts an attempt off that did not take place; it does not count.
    ///
    /// - Parameters:
    ///   - process: The program's process.
    ///   - length: How long.
    ///   - now: The present moment.
    mutating func postpone(_ process: ProcessName, by length: Duration, at now: Instant) {
        guard series[process]?.isAsked == true else { return }
        series[process]?.isAsked = false
        series[process]?.due = now + length
    }

    /// Forgets a program that is no longer there.
    mutating func forget(_ process: ProcessName) {
        series[process] = nil
    }

    /// When the next attempt is due.
    var next: Instant? { series.values.compactMap(\.due).min() }

    /// The programs that wait for an attempt.
    var waiting: [ProcessName] { series.filter { $0.value.due != nil }.map(\.key) }
}

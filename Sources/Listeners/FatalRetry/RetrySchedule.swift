internal import ListenerProtocol
internal import System

/// Decides when FATAL programs are restarted.
///
/// A value that gets times and random numbers as arguments.
///
/// A series of attempts begins with FATAL. Each further FATAL increases the pause. The series ends
/// after ten minutes of RUNNING, or when a person stops or starts the program.
struct RetrySchedule {
    /// The configured pauses.
    let pause: RetryPause

    private var series: [ProcessName: Series] = [:]

    /// Creates an empty schedule.
    init(pause: RetryPause = RetryPause()) {
        self.pause = pause
    }

    /// How long a program must be RUNNING to count as recovered.
    static let stabilityPeriod = Duration.seconds(600)

    /// A series of attempts to start a program, from FATAL to recovery.
    private struct Series {
        /// The number of the next attempt, from 1.
        var attempt = 0
        /// When the next attempt is due; nil while one is in progress or the program is running.
        var due: Instant?
        /// Whether a start was requested whose event has not arrived yet.
        var isAsked = false
        /// Since when the program has been RUNNING.
        var runningSince: Instant?
    }

    /// The consequence of a change of state.
    enum Consequence: Hashable {
        /// None.
        case none
        /// The program will be restarted.
        case retry(attempt: Int, after: Duration)
        /// A person has started or stopped the program.
        case takenOver
    }

    /// Evaluates a change of state.
    ///
    /// - Parameters:
    ///   - process: The process.
    ///   - name: The event's name.
    ///   - fromState: The previous state.
    ///   - now: The current time.
    ///   - chance: A random number from 0 to 1.
    /// - Returns: The consequence.
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

    /// Takes the attempts that are due out of the schedule.
    ///
    /// - Parameter now: The current time.
    /// - Returns: The processes, each with the number of the attempt.
    mutating func takeDue(at now: Instant) -> [(process: ProcessName, attempt: Int)] {
        let due = series.filter { $0.value.due.map { $0 <= now } ?? false }
        for process in due.keys {
            series[process]?.due = nil
            series[process]?.isAsked = true
        }
        return due.map { ($0.key, $0.value.attempt) }.sorted { $0.0.full < $1.0.full }
    }

    /// Postpones an attempt that did not take place; it does not count.
    ///
    /// - Parameters:
    ///   - process: The process.
    ///   - length: How long to postpone it.
    ///   - now: The current time.
    mutating func postpone(_ process: ProcessName, by length: Duration, at now: Instant) {
        guard series[process]?.isAsked == true else { return }
        series[process]?.isAsked = false
        series[process]?.due = now + length
    }

    /// Removes a program that no longer exists.
    mutating func forget(_ process: ProcessName) {
        series[process] = nil
    }

    /// When the next attempt is due.
    var next: Instant? { series.values.compactMap(\.due).min() }

    /// The programs whose next attempt is scheduled.
    var waiting: [ProcessName] { series.filter { $0.value.due != nil }.map(\.key) }
}

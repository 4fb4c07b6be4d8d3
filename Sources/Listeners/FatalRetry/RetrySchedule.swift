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

    /// The number of series so far.
    private var count = 0

    /// A series of attempts to start a program, from FATAL to recovery.
    private struct Series {
        /// Its number, which distinguishes it from later series of the same program.
        let number: Int
        /// The number of the next attempt, from 1.
        var attempt = 0
        /// When the next attempt is due; nil while one is in progress or the program is running.
        var due: Instant?
        /// Whether an attempt is in progress that has not requested the start yet.
        var isPreparing = false
        /// Whether a start was requested whose event has not arrived yet.
        var isAsked = false
        /// Since when the program has been RUNNING.
        var runningSince: Instant?
    }

    /// An attempt to start a program.
    struct Attempt: Hashable {
        let process: ProcessName
        /// Its number in the series, from 1.
        let number: Int
        fileprivate let series: Int
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
    ///   - fromState: The previous state; nil for an unknown one.
    ///   - isBuffered: Whether the event may be older than what supervisord was asked.
    ///   - now: The current time.
    ///   - chance: A random number from 0 to 1.
    /// - Returns: The consequence.
    mutating func note(
        _ process: ProcessName, _ name: EventName, from fromState: ProcessState?,
        isBuffered: Bool = false, at now: Instant, chance: Double
    ) -> Consequence {
        endIfStable(process, at: now)
        switch name {
        case .processStateFatal:
            // The event of a FATAL that was found before it arrived: nothing has been started
            // since.
            if let own = series[process], own.due != nil || own.isPreparing { return .none }
            return fail(process, at: now, chance: chance)
        case .processStateRunning:
            series[process]?.runningSince = now
            return .none
        case .processStateStarting where fromState == .fatal:
            guard let own = series[process] else { return .none }
            guard own.isAsked else { return takeOver(process) }
            series[process]?.isAsked = false
            return .none
        // 'supervisorctl update' replaces a program, whose first state is STOPPED.
        case .processStateStarting where fromState == .stopped && !isBuffered:
            return takeOver(process)
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
        if series[process] == nil { count += 1 }
        var own = series[process, default: Series(number: count)]
        own.attempt += 1
        let length = pause.before(attempt: own.attempt, chance: chance)
        own.due = now + length
        own.isPreparing = false
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
    /// - Returns: The attempts; each may request its start after ``begin(_:)``.
    mutating func takeDue(at now: Instant) -> [Attempt] {
        let due = series.filter { $0.value.due.map { $0 <= now } ?? false }
        for process in due.keys {
            series[process]?.due = nil
            series[process]?.isPreparing = true
        }
        return due.map { process, own in
            Attempt(process: process, number: own.attempt, series: own.number)
        }.sorted { $0.process.qualifiedName < $1.process.qualifiedName }
    }

    /// Records that the start of an attempt is requested now.
    ///
    /// - Parameter attempt: The attempt.
    /// - Returns: Whether to request it: not if a person has started the program meanwhile.
    mutating func begin(_ attempt: Attempt) -> Bool {
        guard isCurrent(attempt), series[attempt.process]?.isPreparing == true else { return false }
        series[attempt.process]?.isPreparing = false
        series[attempt.process]?.isAsked = true
        return true
    }

    /// Postpones an attempt that did not take place; it does not count.
    ///
    /// - Parameters:
    ///   - attempt: The attempt.
    ///   - length: How long to postpone it.
    ///   - now: The current time.
    mutating func postpone(_ attempt: Attempt, by length: Duration, at now: Instant) {
        guard isOpen(attempt) else { return }
        series[attempt.process]?.isPreparing = false
        series[attempt.process]?.isAsked = false
        series[attempt.process]?.due = now + length
    }

    /// Records that supervisord has refused a start, so that no event reports its failure.
    ///
    /// - Parameters:
    ///   - attempt: The attempt.
    ///   - now: The current time.
    ///   - chance: A random number from 0 to 1.
    /// - Returns: The consequence.
    mutating func refuse(_ attempt: Attempt, at now: Instant, chance: Double) -> Consequence {
        isOpen(attempt) ? fail(attempt.process, at: now, chance: chance) : .none
    }

    /// Ends the series of a program that no longer exists, or is no longer FATAL.
    mutating func forget(_ attempt: Attempt) {
        if isCurrent(attempt) { series[attempt.process] = nil }
    }

    private func isCurrent(_ attempt: Attempt) -> Bool {
        series[attempt.process]?.number == attempt.series
    }

    /// Whether no event has reported the result of an attempt yet.
    private func isOpen(_ attempt: Attempt) -> Bool {
        guard isCurrent(attempt), let own = series[attempt.process] else { return false }
        return own.isPreparing || own.isAsked
    }

    /// The time until the next attempt to start a program: zero while one is in progress, nil if
    /// there is none.
    func pause(before process: ProcessName, at now: Instant) -> Duration? {
        series[process].map { own in own.due.map { max(.zero, $0 - now) } ?? .zero }
    }

    /// When the next attempt is due.
    var next: Instant? { series.values.compactMap(\.due).min() }

    /// The programs whose next attempt is scheduled.
    var waiting: [ProcessName] { series.filter { $0.value.due != nil }.map(\.key) }
}

internal import ListenerProtocol
internal import System
internal import Text

/// Decides which changes of state stop supervisord.
///
/// A value that gets the time as an argument.
struct FatalExitTriggers {
    /// The monitored programs; empty for all except listeners.
    var patterns: [ProcessPattern] = []
    /// The main programs: every exit counts, expected or not.
    var main: [ProcessPattern] = []
    /// Whether FATAL counts.
    var isForFatal = true
    /// Whether an unexpected exit counts if the program stays down.
    var isForExited = true
    /// How many unexpected exits within which time count as a crash loop.
    var crashLoop: RestartLimit?
    /// The listener itself, which never counts.
    var own: ProcessName?
    /// The groups of all listeners.
    var listenerGroups: Set<ExactText> = []

    private var exits: [ProcessName: [Instant]] = [:]
    /// The number of changes of each process's state so far.
    private var changes: [ProcessName: Int] = [:]
    /// The number of the change to RUNNING.
    private var runs: [ProcessName: Int] = [:]

    /// The consequence of a change of state.
    enum Consequence: Equatable {
        /// None.
        case none
        /// Stop supervisord.
        case end(FatalExitCause)
        /// Stop supervisord if the program is still down after a second.
        case endIfDown(FatalExitCause)
    }

    /// Whether a process is monitored.
    func selects(_ process: ProcessName) -> Bool {
        guard process != own else { return false }
        guard patterns.isEmpty else { return patterns.contains { $0.matches(process) } }
        return !listenerGroups.contains(ExactText(process.group))
    }

    /// Whether a process is a main program.
    func isMain(_ process: ProcessName) -> Bool {
        process != own && main.contains { $0.matches(process) }
    }

    /// Evaluates a change of state.
    ///
    /// - Parameters:
    ///   - change: The change.
    ///   - name: The event's name.
    ///   - now: The current time.
    /// - Returns: The consequence.
    mutating func note(
        _ change: ProcessStateChange, _ name: EventName, at now: Instant
    ) -> Consequence {
        let process = change.process
        changes[process, default: 0] += 1
        let number = changes[process]
        func cause(_ kind: FatalExitCause.Kind) -> FatalExitCause {
            FatalExitCause(
                process: process, kind: kind, pid: change.pid, fromState: change.fromStateName,
                change: number)
        }
        switch name {
        case .processStateFatal:
            if isMain(process) { return .end(cause(.mainFatal)) }
            return isForFatal && selects(process) ? .end(cause(.fatal)) : .none
        case .processStateExited:
            let isExpected = change.isExpected == true
            if isMain(process) { return .end(cause(.main(isExpected: isExpected))) }
            guard !isExpected, selects(process) else { return .none }
            if let crashLoop, count(process, within: crashLoop.period, at: now) >= crashLoop.count {
                return .end(cause(.crashLoop(crashLoop)))
            }
            return isForExited ? .endIfDown(cause(.exited)) : .none
        case .processStateRunning:
            runs[process] = number
            return .none
        case .processStateStopped:
            // Earlier exits of a program that a person stops are no crash loop.
            exits[process] = nil
            return .none
        default:
            return .none
        }
    }

    /// Whether no change of a process's state has been evaluated yet.
    func isNew(_ process: ProcessName) -> Bool {
        changes[process] == nil
    }

    /// Whether the change that is a cause is still the latest one of its process.
    ///
    /// The state alone does not show it: a program that exits again and again is often EXITED.
    func isLatest(_ cause: FatalExitCause) -> Bool {
        changes[cause.process] == cause.change
    }

    /// Whether a program has been RUNNING since a cause: a start that fails again changes nothing.
    func hasRun(since cause: FatalExitCause) -> Bool {
        runs[cause.process].map { $0 > cause.change ?? 0 } ?? false
    }

    /// Whether a program that exited unexpectedly too often still does.
    ///
    /// N exits within a time leave less than an N-th of it between two of them on average. A
    /// program that has run for longer since its last one has recovered.
    ///
    /// - Parameters:
    ///   - cause: The cause.
    ///   - now: The current time.
    /// - Returns: Whether it does; `false` for other causes.
    func isLooping(_ cause: FatalExitCause, at now: Instant) -> Bool {
        guard case .crashLoop(let limit) = cause.kind, let last = exits[cause.process]?.last else {
            return false
        }
        return now - last < .seconds(limit.period) / limit.count
    }

    /// Forgets the exits of a program that has recovered or was stopped.
    mutating func forgetExits(of process: ProcessName) {
        exits[process] = nil
    }

    /// Counts an exit.
    ///
    /// - Returns: The number of exits within the time, including this one.
    private mutating func count(
        _ process: ProcessName, within period: Int, at now: Instant
    ) -> Int {
        guard let crashLoop else { return 0 }
        let recent = exits[process, default: []].filter { now - $0 <= .seconds(period) } + [now]
        exits[process] = Array(recent.suffix(crashLoop.count))
        return recent.count
    }

    /// The consequence of the state in which a process is found at startup.
    ///
    /// An earlier run of the listener may have ended while it was stopping supervisord.
    func consequence(of found: FoundProcess) -> Consequence {
        let process = found.process
        func cause(_ kind: FatalExitCause.Kind) -> FatalExitCause {
            FatalExitCause(process: process, kind: kind)
        }
        switch found.state {
        case .fatal where isMain(process): return .end(cause(.mainFatal))
        case .fatal where isForFatal && selects(process): return .end(cause(.fatal))
        case .exited where isMain(process):
            return .end(cause(.main(isExpected: found.isExpected ?? true)))
        case .exited where isForExited && selects(process) && found.isExpected == false:
            return .endIfDown(cause(.exited))
        default: return .none
        }
    }
}

// Which changes of state end everything.

internal import ListenerProtocol
internal import System

/// Which changes of state end everything: a value, to which the moment is handed in.
struct FatalExitTriggers {
    /// Whose changes count; those of all but listeners if there are none.
    var patterns: [ProcessPattern] = []
    /// Whose end ends everything, however they end.
    var main: [ProcessPattern] = []
    /// Whether FATAL counts.
    var isForFatal = true
    /// Whether an unexpected exit counts after which the program stays down.
    var isForExited = true
    /// How many unexpected exits within which time are too many.
    var crashLoop: RestartLimit?
    /// The listener itself, which never counts.
    var own: ProcessName?
    /// The groups of all listeners.
    var listenerGroups: Set<String> = []

    private var exits: [ProcessName: [Instant]] = [:]

    /// What follows from a change of state.
    enum Consequence: Equatable {
        /// Nothing.
        case none
        /// Everything ends.
        case end(FatalExitCause)
        /// Everything ends if the program is still down in a second.
        case endIfDown(FatalExitCause)
    }

    /// Whether changes of a process count.
    func selects(_ process: ProcessName) -> Bool {
        guard process != own else { return false }
        guard patterns.isEmpty else { return patterns.contains { $0.matches(process) } }
        return !listenerGroups.contains(process.group)
    }

    /// Whether a process's end ends everything.
    func isMain(_ process: ProcessName) -> Bool {
        process != own && main.contains { $0.matches(process) }
    }

    /// Decides about a change of state.
    ///
    /// - Parameters:
    ///   - change: The change.
    ///   - name: Its event.
    ///   - now: The present moment.
    /// - Returns: What follows.
    mutating func note(
        _ change: ProcessStateChange, _ name: EventName, at now: Instant
    ) -> Consequence {
        let process = change.process
        func cause(_ kind: FatalExitCause.Kind) -> FatalExitCause {
            FatalExitCause(
                process: process, kind: kind, pid: change.pid, fromState: change.fromState)
        }
        switch name {
        case .processStateFatal:
            if isMain(process) { return .end(cause(.main(isExpected: false))) }
            return isForFatal && selects(process) ? .end(cause(.fatal)) : .none
        case .processStateExited:
            let isExpected = change.isExpected == true
            if isMain(process) { return .end(cause(.main(isExpected: isExpected))) }
            guard !isExpected, selects(process) else { return .none }
            if let crashLoop, count(process, within: crashLoop.period, at: now) >= crashLoop.count {
                return .end(cause(.crashLoop(crashLoop)))
            }
            return isForExited ? .endIfDown(cause(.exited)) : .none
        default:
            return .none
        }
    }

    /// Counts an exit.
    ///
    /// - Returns: How many there were within a time, this one included.
    private mutating func count(
        _ process: ProcessName, within period: Int, at now: Instant
    ) -> Int {
        guard let crashLoop else { return 0 }
        let recent = exits[process, default: []].filter { now - $0 <= .seconds(period) } + [now]
        exits[process] = Array(recent.suffix(crashLoop.count))
        return recent.count
    }

    /// Forgets the exits of a process: it was stopped by a person, so that what it did before says
    /// nothing about what it will do.
    mutating func forget(_ process: ProcessName) {
        exits[process] = nil
    }

    /// What follows from the state in which a process is found at the start.
    func cause(ofFound process: ProcessName, in state: ProcessState) -> FatalExitCause? {
        let isMain = isMain(process)
        switch state {
        case .fatal where isMain, .exited where isMain:
            return FatalExitCause(process: process, kind: .main(isExpected: state == .exited))
        case .fatal where isForFatal && selects(process):
            return FatalExitCause(process: process, kind: .fatal)
        default:
            return nil
        }
    }
}

internal import Alerting
internal import ListenerProtocol

/// Why supervisord is stopped.
struct FatalExitCause: Hashable {
    /// The kinds of causes.
    enum Kind: Hashable {
        /// The program failed to start too often.
        case fatal
        /// The program exited unexpectedly and stays down.
        case exited
        /// The program exited unexpectedly too often.
        case crashLoop(RestartLimit)
        /// The main program exited.
        case main(isExpected: Bool)
        /// The main program failed to start too often.
        case mainFatal
    }

    /// The program that is the cause.
    let process: ProcessName
    /// The kind of cause.
    let kind: Kind
    /// The process identifier, if the event includes it.
    var pid: Int?
    /// The previous state.
    var fromState: String?
    /// The number of the change of the process's state; nil if it was found in this state.
    var change: Int?

    /// A description, in superlance's words where it has some.
    var message: String {
        let subject = "Process \(process.name) in group \(process.group)"
        switch kind {
        case .fatal, .mainFatal: return "\(subject) failed to start too many times"
        case .exited, .main(isExpected: false):
            guard let pid, let fromState else { return "\(subject) has ended" }
            return "\(subject) exited unexpectedly (pid \(pid)) from state \(fromState)"
        case .crashLoop(let limit):
            return "\(subject) exited unexpectedly \(limit.count) times within \(limit.period) s"
        case .main(isExpected: true):
            return "\(subject) has ended"
        }
    }

    /// What happened, as a predicate for the headline.
    var predicate: String {
        switch kind {
        case .fatal, .mainFatal: "failed to start"
        case .exited, .main(isExpected: false): "crashed"
        case .crashLoop(let limit):
            "crashed \(limit.count) times in \(Diagnostics.duration(limit.period))"
        case .main(isExpected: true): "ended"
        }
    }

    /// The state of the program, as in the alerts of crashes; nil if it may still be restarted.
    var state: String? {
        switch kind {
        case .fatal, .mainFatal: Aftermath.fatal
        case .exited: Aftermath.notRestarted
        case .crashLoop, .main: nil
        }
    }

    /// A short description for a subject.
    var title: String {
        switch kind {
        case .fatal, .mainFatal: "\(process.name) failed to start"
        case .exited, .crashLoop, .main(isExpected: false): "\(process.name) crashed"
        case .main(isExpected: true): "\(process.name) ended"
        }
    }

    /// Whether the cause still applies after the program's state has been checked.
    ///
    /// - Parameter state: The current state.
    /// - Returns: Whether to stop supervisord.
    func stillHolds(in state: ProcessState) -> Bool {
        switch kind {
        case .fatal: state == .fatal
        case .exited: state == .exited
        // supervisord may restart the main program at any time, and FATAL does not end by itself.
        case .main, .mainFatal: true
        case .crashLoop: true
        }
    }

    /// Whether the cause still applies after `--delay`.
    ///
    /// - Parameters:
    ///   - state: The current state.
    ///   - isLooping: Whether the program has exited again and again until now.
    /// - Returns: Whether to stop supervisord.
    func holdsAfterDelay(in state: ProcessState, isLooping: Bool) -> Bool {
        switch state {
        case .stopped, .stopping: false
        // A program in a crash loop runs again after each exit.
        case .running: isLooping
        default: true
        }
    }

    /// Whether supervisord does not start the program again: if it has run since, somebody else has
    /// started it, and its later exit is another cause.
    var endsWithRun: Bool { [.fatal, .mainFatal, .exited].contains(kind) }

    /// Whether the program may have recovered before its turn, because its state changes by itself.
    var requiresLatestChange: Bool { kind == .fatal || kind == .exited }

    /// Determines the exit status of the container.
    ///
    /// - Parameter own: The program's status, 128 plus the number of a signal; nil if unknown.
    /// - Returns: The exit status.
    func status(own: Int32?) -> Int32 {
        switch kind {
        case .main(let isExpected): own ?? (isExpected ? 0 : 1)
        // Its status is that of the container, even 0 before startsecs.
        case .mainFatal: own ?? 1
        // These are failures, even if the program exited with 0.
        case .fatal, .exited, .crashLoop: own.flatMap { $0 == 0 ? nil : $0 } ?? 1
        }
    }
}

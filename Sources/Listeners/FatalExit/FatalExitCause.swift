// Why everything ends.

internal import ListenerProtocol

/// Why everything ends.
struct FatalExitCause: Hashable {
    /// What has happened.
    enum Kind: Hashable {
        /// The program could not be started.
        case fatal
        /// The program exited unexpectedly, and stays down.
        case exited
        /// The program exited unexpectedly too often.
        case crashLoop(RestartLimit)
        /// The main program ended.
        case main(isExpected: Bool)
    }

    /// The program because of which everything ends.
    let process: ProcessName
    /// What has happened to it.
    let kind: Kind
    /// Its identifier, if the event says so.
    var pid: Int?
    /// The state in which it was before.
    var fromState: String?

    /// What has happened, in superlance's words where it has some.
    var message: String {
        let subject = "Process \(process.name) in group \(process.group)"
        switch kind {
        case .fatal: return "\(subject) failed to start too many times"
        case .exited, .main(isExpected: false):
            guard let pid, let fromState else { return "\(subject) has ended" }
            return "\(subject) exited unexpectedly (pid \(pid)) from state \(fromState)"
        case .crashLoop(let limit):
            return "\(subject) exited unexpectedly \(limit.count) times within \(limit.period) s"
        case .main(isExpected: true):
            return "\(subject) has ended"
        }
    }

    /// What has happened, for a subject.
    var title: String {
        switch kind {
        case .fatal: "\(process.name) failed to start"
        case .exited, .crashLoop, .main(isExpected: false): "\(process.name) crashed"
        case .main(isExpected: true): "\(process.name) ended"
        }
    }

    /// Whether the program is found as it was, so that everything ends.
    ///
    /// - Parameter state: How it is found.
    /// - Returns: Whether everything ends.
    func stillHolds(in state: ProcessState) -> Bool {
        switch kind {
        case .fatal: state == .fatal
        case .exited: state == .exited
        // supervisord may restart it at any moment, and a FATAL one has not become better.
        case .main: true
        case .crashLoop: true
        }
    }

    /// The same after `--delay`.
    ///
    /// - Parameter state: How it is found.
    /// - Returns: Whether everything ends.
    func holdsAfterDelay(in state: ProcessState) -> Bool {
        ![.running, .stopped, .stopping].contains(state)
    }

    /// The status to end with.
    ///
    /// - Parameter own: That of the program, 128 and its number for a signal; nothing if it is not
    ///   known.
    /// - Returns: The status.
    func status(own: Int32?) -> Int32 {
        switch kind {
        case .main(let isExpected): own ?? (isExpected ? 0 : 1)
        // It is a failure, whatever the program has called it.
        case .fatal, .exited, .crashLoop: own.flatMap { $0 == 0 ? nil : $0 } ?? 1
        }
    }
}

internal import Text

/// A process state (Supervisor manual, "Process States").
public enum ProcessState: Int, Sendable, Hashable, CaseIterable {
    /// Stopped on request, or never started.
    case stopped = 0
    /// Starting on request.
    case starting = 10
    /// Running.
    case running = 20
    /// Exited too soon after its start; it will be restarted.
    case backoff = 30
    /// Stopping on request.
    case stopping = 40
    /// Exited while running, expectedly or not.
    case exited = 100
    /// Failed to start too often; supervisord no longer restarts it.
    case fatal = 200
    /// Unknown, caused by an error in supervisord.
    case unknown = 1000

    /// The name as supervisord writes it, such as `RUNNING`.
    public var name: String {
        switch self {
        case .stopped: "STOPPED"
        case .starting: "STARTING"
        case .running: "RUNNING"
        case .backoff: "BACKOFF"
        case .stopping: "STOPPING"
        case .exited: "EXITED"
        case .fatal: "FATAL"
        case .unknown: "UNKNOWN"
        }
    }

    /// Finds the state with a name.
    ///
    /// - Parameter name: The name in capitals, such as `RUNNING`. Returns nil for any other.
    public init?(name: String) {
        guard let state = Self.allCases.first(where: { $0.name.isExactly(name) }) else {
            return nil
        }
        self = state
    }

    /// Finds the state in the name of an event, such as `PROCESS_STATE_RUNNING`; nil if there is
    /// none.
    init?(_ event: EventName) {
        let prefix = "\(EventName.processState)_"
        guard event.rawValue.beginsExactly(with: prefix) else { return nil }
        self.init(name: String(Substring(event.rawValue.utf8.dropFirst(prefix.utf8.count))))
    }
}

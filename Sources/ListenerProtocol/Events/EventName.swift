internal import Text

/// An event's name, such as `PROCESS_STATE_EXITED`.
///
/// The set is open: newer versions of supervisord may send other names. A pattern matches its
/// subtypes, as subscriptions do: `.processState ~= .processStateExited` and `.tick ~= .tick60` are
/// true. Source: Supervisor manual, "Event Types".
public struct EventName: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The name as supervisord writes it.
    public let rawValue: String

    /// Creates an event name.
    ///
    /// - Parameter rawValue: The name as supervisord writes it.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The name as supervisord writes it.
    public var description: String { rawValue }

    /// Whether two names have the same bytes.
    public static func == (left: EventName, right: EventName) -> Bool {
        left.rawValue.isExactly(right.rawValue)
    }

    /// Hashes the name's bytes.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(exactly: rawValue)
    }

    /// Whether a name is equal to a type or is one of its subtypes.
    ///
    /// - Parameters:
    ///   - kind: The type.
    ///   - name: The name to match.
    /// - Returns: Whether it matches.
    public static func ~= (kind: EventName, name: EventName) -> Bool {
        kind == .event || kind == name
            || (name.rawValue.utf8.starts(with: kind.rawValue.utf8)
                && name.rawValue.utf8.dropFirst(kind.rawValue.utf8.count).first
                    == UInt8(ascii: "_"))
    }

    /// Any event.
    public static let event = EventName(rawValue: "EVENT")
    /// Any change of a process state.
    public static let processState = EventName(rawValue: "PROCESS_STATE")
    /// A process is being started.
    public static let processStateStarting = EventName(rawValue: "PROCESS_STATE_STARTING")
    /// A process has run for its `startsecs`.
    public static let processStateRunning = EventName(rawValue: "PROCESS_STATE_RUNNING")
    /// A process exited before its `startsecs` had passed and will be restarted.
    public static let processStateBackoff = EventName(rawValue: "PROCESS_STATE_BACKOFF")
    /// A process is being stopped.
    public static let processStateStopping = EventName(rawValue: "PROCESS_STATE_STOPPING")
    /// A running process exited by itself.
    public static let processStateExited = EventName(rawValue: "PROCESS_STATE_EXITED")
    /// A process was stopped on request.
    public static let processStateStopped = EventName(rawValue: "PROCESS_STATE_STOPPED")
    /// A process failed to start, and `startretries` retries failed, too.
    public static let processStateFatal = EventName(rawValue: "PROCESS_STATE_FATAL")
    /// The state of a process is unknown to supervisord.
    public static let processStateUnknown = EventName(rawValue: "PROCESS_STATE_UNKNOWN")
    /// A process wrote output.
    public static let processLog = EventName(rawValue: "PROCESS_LOG")
    /// A process wrote to its standard output.
    public static let processLogStdout = EventName(rawValue: "PROCESS_LOG_STDOUT")
    /// A process wrote to its standard error.
    public static let processLogStderr = EventName(rawValue: "PROCESS_LOG_STDERR")
    /// A process wrote data between the process communication tags.
    public static let processCommunication = EventName(rawValue: "PROCESS_COMMUNICATION")
    /// A process wrote such data to its standard output.
    public static let processCommunicationStdout = EventName(
        rawValue: "PROCESS_COMMUNICATION_STDOUT")
    /// A process wrote such data to its standard error.
    public static let processCommunicationStderr = EventName(
        rawValue: "PROCESS_COMMUNICATION_STDERR")
    /// A client called `supervisor.sendRemoteCommEvent`.
    public static let remoteCommunication = EventName(rawValue: "REMOTE_COMMUNICATION")
    /// supervisord changed its state.
    public static let supervisorStateChange = EventName(rawValue: "SUPERVISOR_STATE_CHANGE")
    /// supervisord has started.
    public static let supervisorStateChangeRunning = EventName(
        rawValue: "SUPERVISOR_STATE_CHANGE_RUNNING")
    /// supervisord is shutting down.
    public static let supervisorStateChangeStopping = EventName(
        rawValue: "SUPERVISOR_STATE_CHANGE_STOPPING")
    /// The period of a tick has passed.
    public static let tick = EventName(rawValue: "TICK")
    /// Five seconds have passed.
    public static let tick5 = EventName(rawValue: "TICK_5")
    /// A minute has passed.
    public static let tick60 = EventName(rawValue: "TICK_60")
    /// An hour has passed.
    public static let tick3600 = EventName(rawValue: "TICK_3600")
    /// The set of process groups changed.
    public static let processGroup = EventName(rawValue: "PROCESS_GROUP")
    /// A process group was added.
    public static let processGroupAdded = EventName(rawValue: "PROCESS_GROUP_ADDED")
    /// A process group was removed.
    public static let processGroupRemoved = EventName(rawValue: "PROCESS_GROUP_REMOVED")
}

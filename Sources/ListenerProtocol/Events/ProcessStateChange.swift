/// A change of a process state.
///
/// Source: Supervisor manual, "PROCESS_STATE Event Type" and its subtypes.
public struct ProcessStateChange: Hashable, Sendable {
    /// The process.
    public let process: ProcessName

    /// The name of the previous state, such as `RUNNING`; always in capitals.
    public let fromStateName: String

    /// The new state, which is in the event's name; nil for an unknown one.
    public let toState: ProcessState?

    /// The process identifier, if the event includes it.
    public let pid: Int?

    /// Whether the exit status is among `exitcodes=`; only in `PROCESS_STATE_EXITED`.
    public let isExpected: Bool?

    /// Whether it comes from the Go implementation (ochinchina/supervisord), whose events have an
    /// empty `groupname` and states in mixed case.
    public let isFromGoSupervisord: Bool

    /// The number of start attempts; only in `STARTING` and `BACKOFF`.
    public let startAttempts: Int?

    /// The previous state; nil for an unknown name.
    public var fromState: ProcessState? { ProcessState(name: fromStateName) }

    /// Parses the payload of a `PROCESS_STATE` event.
    ///
    /// - Parameter event: The event.
    /// - Throws: ``PayloadError`` when the process's name is missing, or `expected` is missing in
    ///   `PROCESS_STATE_EXITED`.
    init(_ event: Event) throws(PayloadError) {
        let (tokens, _) = event.tokensAndData
        guard let name = tokens["processname"], !name.isEmpty else {
            throw PayloadError(event.name, lacks: "a processname")
        }
        let expected = tokens.number("expected")
        if event.name == .processStateExited && expected == nil {
            throw PayloadError(event.name, lacks: "an expected of 0 or 1")
        }
        let state = tokens["from_state"] ?? "UNKNOWN"
        process = ProcessName(group: tokens["groupname"] ?? name, name: name)
        fromStateName = Self.capitals(state)
        toState = ProcessState(event.name)
        isFromGoSupervisord = !process.hasGroup || state != fromStateName
        pid = tokens.number("pid")
        isExpected = expected.map { $0 != 0 }
        startAttempts = tokens.number("tries")
    }

    /// ASCII letters only: no state has others, and Unicode's capitals can be longer.
    private static func capitals(_ text: String) -> String {
        let small = UInt8(ascii: "a")...UInt8(ascii: "z")
        return String(decoding: text.utf8.map { small ~= $0 ? $0 & 0xDF : $0 }, as: UTF8.self)
    }

    /// Returns the same change with a group.
    ///
    /// - Parameter group: The name of the group.
    /// - Returns: The change.
    package func with(group: String) -> ProcessStateChange {
        ProcessStateChange(self, ProcessName(group: group, name: process.name))
    }

    private init(_ change: ProcessStateChange, _ process: ProcessName) {
        self.process = process
        fromStateName = change.fromStateName
        toState = change.toState
        pid = change.pid
        isExpected = change.isExpected
        isFromGoSupervisord = change.isFromGoSupervisord
        startAttempts = change.startAttempts
    }
}

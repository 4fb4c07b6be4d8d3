// A process coming into another state.

/// A process has come into another state.
///
/// Source: Supervisor manual, "PROCESS_STATE Event Type" and its subtypes.
public struct ProcessStateChange: Hashable, Sendable {
    /// The process.
    public let process: ProcessName

    /// The state it leaves, such as `RUNNING`; in capitals whatever the host writes.
    public let fromState: String

    /// The process identifier, where the event carries one.
    public let pid: Int?

    /// Whether an exit was one of the section's `exitcodes`; only `PROCESS_STATE_EXITED` says so.
    public let isExpected: Bool?

    /// Whether it comes from the Go host (ochinchina/supervisord), whose events have an empty
    /// `groupname` and states in mixed case.
    public let isFromGoHost: Bool

    /// How many attempts to start there were; only `STARTING` and `BACKOFF` say so.
    public let tries: Int?

    /// Reads the payload of a `PROCESS_STATE` event.
    ///
    /// - Parameter event: The event.
    /// - Throws: ``PayloadError`` when the process's name is absent, or when an exit does not say
    ///   whether it was expected.
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
        fromState = state.uppercased()
        isFromGoHost = !process.hasGroup || state != fromState
        pid = tokens.number("pid")
        isExpected = expected.map { $0 != 0 }
        tries = tokens.number("tries")
    }

    /// The same change of a process whose group has become known.
    ///
    /// - Parameter group: The name of the group.
    /// - Returns: The change.
    public func with(group: String) -> ProcessStateChange {
        ProcessStateChange(self, ProcessName(group: group, name: process.name))
    }

    private init(_ change: ProcessStateChange, _ process: ProcessName) {
        self.process = process
        fromState = change.fromState
        pid = change.pid
        isExpected = change.isExpected
        isFromGoHost = change.isFromGoHost
        tries = change.tries
    }
}

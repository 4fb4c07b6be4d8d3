// What an event tells, typed by its kind.

/// What an event tells, typed by its kind.
///
/// Source: Supervisor manual, "Event Types", where each kind's body is described.
public enum EventContent: Hashable, Sendable {
    /// A process has come into another state.
    case processState(ProcessStateChange)
    /// A process wrote something, and its section asks for events of it.
    case processLog(ProcessOutput)
    /// A process said something between the communication tags.
    case processCommunication(ProcessOutput)
    /// Somebody called `supervisor.sendRemoteCommEvent(type, data)`.
    case remoteCommunication(type: String, data: [UInt8])
    /// Supervisord has started.
    case supervisorRunning
    /// Supervisord is shutting down.
    case supervisorStopping
    /// Some time has passed.
    case tick(Tick)
    /// A process group was added.
    case processGroupAdded(group: String)
    /// A process group was removed.
    case processGroupRemoved(group: String)
    /// An event of a kind that is not known here.
    case other

    /// Reads an event's payload.
    ///
    /// - Parameter event: The event.
    /// - Throws: ``PayloadError`` when the payload lacks what the name promises.
    init(_ event: Event) throws(PayloadError) {
        switch event.name {
        case .processState:
            self = .processState(try ProcessStateChange(event))
        case .processLog:
            self = .processLog(try ProcessOutput(event))
        case .processCommunication:
            self = .processCommunication(try ProcessOutput(event))
        case .remoteCommunication:
            let (tokens, data) = event.tokensAndData
            guard let type = tokens["type"] else { throw PayloadError(event.name, lacks: "a type") }
            self = .remoteCommunication(type: type, data: data)
        case .supervisorStateChangeRunning:
            self = .supervisorRunning
        case .supervisorStateChangeStopping:
            self = .supervisorStopping
        case .tick:
            self = .tick(try Tick(event))
        case .processGroupAdded:
            self = .processGroupAdded(group: try event.groupName())
        case .processGroupRemoved:
            self = .processGroupRemoved(group: try event.groupName())
        default:
            self = .other
        }
    }
}

extension EventContent {
    /// Whether the event shows that it comes from the Go host (ochinchina/supervisord): by an empty
    /// `groupname`, or by a state in mixed case.
    public var isFromGoHost: Bool {
        switch self {
        case .processState(let change): change.isFromGoHost
        case .processLog(let output), .processCommunication(let output): output.isFromGoHost
        default: false
        }
    }
}

extension Event {
    /// The first line of the payload as tokens, and what comes after it.
    var tokensAndData: (TokenSet, [UInt8]) {
        let end = payload.firstIndex(of: UInt8(ascii: "\n")) ?? payload.endIndex
        return (TokenSet(Array(payload[..<end])), Array(payload[end...].dropFirst()))
    }

    /// The payload's `groupname`.
    func groupName() throws(PayloadError) -> String {
        guard let group = tokensAndData.0["groupname"] else {
            throw PayloadError(name, lacks: "a groupname")
        }
        return group
    }
}

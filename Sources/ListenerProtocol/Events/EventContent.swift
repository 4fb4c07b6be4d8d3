/// The content of an event, typed by its name.
///
/// Source: Supervisor manual, "Event Types", which describes each body.
public enum EventContent: Hashable, Sendable {
    /// A process has changed its state.
    case processState(ProcessStateChange)
    /// A process wrote output, and events are enabled for its section.
    case processLog(ProcessOutput)
    /// A process wrote data between the process communication tags.
    case processCommunication(ProcessOutput)
    /// A client called `supervisor.sendRemoteCommEvent(type, data)`.
    case remoteCommunication(type: String, data: [UInt8])
    /// supervisord has started.
    case supervisorRunning
    /// supervisord is shutting down.
    case supervisorStopping
    /// The period of a tick has passed.
    case tick(Tick)
    /// A process group was added.
    case processGroupAdded(group: String)
    /// A process group was removed.
    case processGroupRemoved(group: String)
    /// An event with an unknown name.
    case other

    /// Parses an event's payload.
    ///
    /// - Parameter event: The event.
    /// - Throws: ``PayloadError`` when the payload lacks a field that the event's name requires.
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
    /// Whether the event comes from the Go implementation (ochinchina/supervisord), recognised by
    /// an empty `groupname` or a state in mixed case.
    public var isFromGoSupervisord: Bool {
        switch self {
        case .processState(let change): change.isFromGoSupervisord
        case .processLog(let output), .processCommunication(let output): output.isFromGoSupervisord
        default: false
        }
    }
}

extension Event {
    /// The tokens in the first line of the payload, and the data after that line.
    var tokensAndData: (HeaderTokens, [UInt8]) {
        let end = payload.firstIndex(of: UInt8(ascii: "\n")) ?? payload.endIndex
        return (HeaderTokens(Array(payload[..<end])), Array(payload[end...].dropFirst()))
    }

    /// The value of `groupname`.
    func groupName() throws(PayloadError) -> String {
        guard let group = tokensAndData.0["groupname"] else {
            throw PayloadError(name, lacks: "a groupname")
        }
        return group
    }
}

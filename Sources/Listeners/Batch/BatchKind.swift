internal import Alerting
internal import ListenerProtocol
internal import System

/// The differences between the three batch tools: their events and their texts.
enum BatchKind {
    case crashMail
    case fatalMail
    case crashSMS

    /// The default subject; a text message has none.
    var subject: String? {
        switch self {
        case .crashMail: "Crash alert from supervisord"
        case .fatalMail: "Fatal start alert from supervisord"
        case .crashSMS: nil
        }
    }

    /// The kind of incident that it reports.
    var incident: Incident.Kind {
        self == .fatalMail ? .fatal : .exited
    }

    /// The event to subscribe to, and the reason.
    var subscription: (name: EventName, reason: String) {
        self == .fatalMail
            ? (.processStateFatal, "failed starts") : (.processStateExited, "crashes")
    }

    /// The message for an incident that occurred while no listener was running.
    func message(_ finding: MissedEventScan.Finding) -> String {
        let process = finding.process.qualifiedName
        let time = finding.time.asctime
        return switch self {
        case .crashMail:
            "\(time) -- Process \(process) died unexpectedly while no listener was running"
        case .fatalMail:
            "\(time) -- Process \(process) failed to start too many times while no listener was running"
        case .crashSMS: "[\(process)] exited unexpectedly \(time)"
        }
    }

    /// The message for a change of state; nil if the change is not reported.
    func message(_ change: ProcessStateChange, _ name: EventName, at time: Timestamp) -> String? {
        let process = change.process.qualifiedName
        let pid = change.pid.map(String.init) ?? "unknown"
        let isCrash = name == .processStateExited && change.isExpected == false
        switch self {
        case .crashMail where isCrash:
            return "\(time.asctime) -- Process \(process) (pid \(pid)) died unexpectedly"
        case .fatalMail where name == .processStateFatal:
            return "\(time.asctime) -- Process \(process) failed to start too many times"
        case .crashSMS where isCrash:
            return "[\(process)](\(pid)) exited unexpectedly \(time.asctime)"
        default:
            return nil
        }
    }
}

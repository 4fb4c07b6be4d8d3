internal import Alerting
internal import ListenerProtocol

/// What an alert is about: the alerts about each topic are limited separately.
enum AlertTopic: Hashable, Sendable {
    /// A process.
    case process(ProcessName)
    /// A URL that is checked.
    case url(Incident.Check)
    /// A limit of a URL that passes its check, such as the expiry of its certificate.
    case notice(Incident.Check, kind: String)
    /// Anything else.
    case listener

    /// The topic of an incident.
    init(_ incident: Incident) {
        if let check = incident.check {
            self = incident.notice.map { .notice(check, kind: $0) } ?? .url(check)
        } else if let process = incident.process {
            self = .process(process)
        } else {
            self = .listener
        }
    }
}

extension AlertTopic: CustomStringConvertible {
    /// The name of the process, or the URL.
    var description: String {
        switch self {
        case .process(let process): process.description
        case .url(let check), .notice(let check, _): check.url
        case .listener: "this listener"
        }
    }
}

internal import Alerting
internal import ListenerProtocol

/// What an alert is about: the alerts about each subject are limited separately.
enum AlertSubject: Hashable, Sendable {
    /// A process.
    case process(ProcessName)
    /// A URL that is checked.
    case url(Incident.Check)
    /// Anything else.
    case listener

    /// The subject of an incident.
    init(_ incident: Incident) {
        if let check = incident.check {
            self = .url(check)
        } else if let process = incident.process {
            self = .process(process)
        } else {
            self = .listener
        }
    }
}

extension AlertSubject: CustomStringConvertible {
    /// The name of the process, or the URL.
    var description: String {
        switch self {
        case .process(let process): process.description
        case .url(let check): check.url
        case .listener: "this listener"
        }
    }
}

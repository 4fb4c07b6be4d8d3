internal import Alerting

/// A state of a process in which some alerts about it no longer apply, if it lasts.
enum SettledState: String, Hashable {
    /// It runs.
    case running
    /// Someone has stopped it.
    case stopped
    /// It has exited as expected.
    case completed
    /// It has exited, whether expected or not, or could not be started.
    case down
    /// It no longer exists.
    case removed

    /// What happened, for the headline of the resolution; nil if the process has recovered.
    var predicate: String? {
        switch self {
        case .running: nil
        case .stopped: "was stopped"
        case .completed: "has exited as expected"
        case .down: "is no longer running"
        case .removed: "no longer exists"
        }
    }

    /// Whether alerts of a kind about the process no longer apply.
    func ends(_ kind: Incident.Kind) -> Bool {
        switch self {
        case .running: [.exited, .fatal].contains(kind)
        case .stopped, .completed: [.exited, .fatal, .memory, .gaveUp].contains(kind)
        // A process that is not running uses no memory.
        case .down: kind == .memory
        case .removed: true
        }
    }
}

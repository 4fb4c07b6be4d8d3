/// A state of a process in which an alert about its end no longer applies, if it lasts.
enum SettledState: String, Hashable {
    /// It runs.
    case running
    /// Someone has stopped it.
    case stopped
    /// It has exited as expected.
    case completed
    /// It no longer exists.
    case removed

    /// What happened, for the headline of the resolution; nil if the process has recovered.
    var predicate: String? {
        switch self {
        case .running: nil
        case .stopped: "was stopped"
        case .completed: "has exited as expected"
        case .removed: "no longer exists"
        }
    }
}

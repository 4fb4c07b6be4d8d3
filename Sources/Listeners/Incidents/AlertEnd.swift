/// Why an alert no longer applies.
enum AlertEnd: Hashable {
    /// What it is about is healthy again.
    case recovered
    /// The process has another state, in which the alert no longer applies.
    case settled(SettledState)
    /// The process was started again by something else than this listener.
    case started
    /// The process may be restarted again.
    case restartable
    /// What it is about is no longer checked.
    case unchecked

    /// What happened, for the headline of the resolution; nil if it has recovered.
    var predicate: String? {
        switch self {
        case .recovered: nil
        case .settled(let state): state.predicate
        case .started: "was started again"
        case .restartable: "may be restarted again"
        case .unchecked: "is no longer checked"
        }
    }
}

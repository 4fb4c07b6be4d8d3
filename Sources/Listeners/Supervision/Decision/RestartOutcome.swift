/// The outcome of a restart, stop or start.
enum RestartOutcome: Hashable, Sendable {
    /// It was restarted.
    case restarted
    /// It was stopped, and stays stopped.
    case stopped
    /// It is running, but was started by someone else or never stopped.
    case alreadyStarted(String, wasStopped: Bool)
    /// It could not be stopped.
    case stopFailed(String)
    /// It was stopped and could not be started.
    case startFailed(String)
    /// It has changed since the decision, and was left alone.
    case dropped(String)
    /// It recovered before the stop.
    case spared
    /// `--before` postponed it.
    case refused
    /// It would have been done without `--dry-run`.
    case pretended
}

extension RestartOutcome {
    /// Whether a stop, or a start of a stopped process, was requested and not rejected.
    var isCharged: Bool {
        switch self {
        case .restarted, .stopped, .startFailed, .pretended: true
        case .alreadyStarted(_, let wasStopped): wasStopped
        case .stopFailed, .dropped, .spared, .refused: false
        }
    }

    /// The value for the operator's commands.
    var word: String {
        switch self {
        case .restarted, .alreadyStarted: "restarted"
        case .stopped: "stopped"
        case .stopFailed: "stop-failed"
        case .startFailed: "start-failed"
        case .dropped: "dropped"
        case .spared: "spared"
        case .refused: "not-now"
        case .pretended: "dry-run"
        }
    }
}

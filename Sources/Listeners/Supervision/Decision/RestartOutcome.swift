// What became of a restart.

/// What became of a restart, or of a stop or a start.
enum RestartOutcome: Hashable, Sendable {
    /// It runs anew; the start that supervisord shows.
    case restarted
    /// It was stopped, and is to stay so.
    case stopped
    /// It runs, though not by us: somebody else has started it, or it was never stopped.
    case alreadyStarted(String, wasStopped: Bool)
    /// It could not be stopped.
    case stopFailed(String)
    /// It was stopped and could not be started.
    case startFailed(String)
    /// It is not what was looked at any more, and was left alone.
    case dropped(String)
    /// It became well before it was stopped.
    case spared
    /// `--before` said not now.
    case refused
    /// It would have been done if this were no dry run.
    case pretended
}

extension RestartOutcome {
    /// Whether a stop, or a start of what did not run, was asked for and not refused.
    var isCharged: Bool {
        switch self {
        case .restarted, .stopped, .startFailed, .pretended: true
        case .alreadyStarted(_, let wasStopped): wasStopped
        case .stopFailed, .dropped, .spared, .refused: false
        }
    }

    /// The outcome as commands of the operator get it.
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

internal import Alerting
internal import ListenerProtocol

/// The outcome of a restart, stop or start.
enum RestartOutcome: Hashable, Sendable {
    /// It was restarted.
    case restarted
    /// It was stopped, and stays stopped.
    case stopped
    /// It is running, but was started by someone else or never stopped.
    case alreadyStarted(String, wasStopped: Bool)
    /// It could not be stopped, and is in this state; nil if supervisord does not respond.
    case stopFailed(String, in: ProcessState? = .running)
    /// It was stopped and could not be started.
    case startFailed(String)
    /// It has changed since the decision, and was left alone.
    case outdated(String)
    /// A condition of the policy did not hold any more, such as the window.
    case prevented(String)
    /// supervisord is shutting down or restarting: it stops and starts all processes itself.
    case shutdown
    /// It recovered before the stop.
    case recovered
    /// `--before` postponed it.
    case postponed
    /// It would have been done without `--dry-run`.
    case dryRun
}

extension RestartOutcome {
    /// Whether a stop, or a start of a stopped process, was requested and not rejected.
    var isCharged: Bool {
        switch self {
        case .restarted, .stopped, .startFailed, .dryRun: true
        case .alreadyStarted(_, let wasStopped): wasStopped
        case .stopFailed, .outdated, .prevented, .shutdown, .recovered, .postponed: false
        }
    }

    /// Whether the process could not be stopped, or could not be started again.
    var isFailure: Bool {
        switch self {
        case .stopFailed, .startFailed: true
        default: false
        }
    }

    /// Whether the failed checks still count, so that the next one is enough.
    var keepsFailures: Bool {
        switch self {
        case .postponed, .prevented: true
        default: false
        }
    }

    /// The level of the log line about an act that is not done: a warning if that is a failure.
    var level: Log.Level {
        guard case .outdated(let reason) = self else { return .info }
        return reason == Self.workerFailed || reason.hasPrefix(Self.noSupervisord)
            ? .warning : .info
    }

    /// The reason of ``outdated`` if the worker did not return an outcome.
    static let workerFailed = "its worker failed"

    /// The beginning of the reason of ``outdated`` if supervisord could not be called.
    static let noSupervisord = "supervisord is not available"

    /// The reason of ``shutdown``, as a clause.
    static let shutdownReason = "supervisord is shutting down"

    /// The value for the operator's commands.
    var word: String {
        switch self {
        case .restarted, .alreadyStarted: "restarted"
        case .stopped: "stopped"
        case .stopFailed: "stop-failed"
        case .startFailed: "start-failed"
        case .outdated, .prevented, .shutdown: "dropped"
        case .recovered: "spared"
        case .postponed: "not-now"
        case .dryRun: "dry-run"
        }
    }
}

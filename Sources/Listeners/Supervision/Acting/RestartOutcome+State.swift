// The state of a process after a restart, for the alert.

internal import Alerting
internal import ListenerProtocol

extension RestartOutcome {
    /// The words for a process that the listener could not start.
    static let downWords = "down: start failed"

    /// The state of the process now, as a clause.
    ///
    /// - Parameters:
    ///   - tool: The tool that restarts it.
    ///   - retry: Who retries a start that has failed.
    /// - Returns: The clause.
    func state(after tool: String, retry: RetryOutlook.Retry = .listener) -> String {
        switch self {
        case .restarted, .alreadyStarted(_, wasStopped: true): "restarted"
        case .stopped: "stopped by \(tool)"
        case .stopFailed(let reason, nil): "unknown, the stop was requested: \(reason)"
        case .stopFailed(let reason, .running?): "running: stop failed: \(reason)"
        case .stopFailed(let reason, let state?): "\(state.name): stop failed: \(reason)"
        case .startFailed(let reason) where retry == .nobody: "down: start failed: \(reason)"
        case .startFailed(let reason): "down: start failed, retrying: \(reason)"
        case .alreadyStarted(let reason, wasStopped: false): "running: start failed: \(reason)"
        case .outdated(let reason), .prevented(let reason): "not restarted: \(reason)"
        case .shutdown: "not restarted: \(Self.shutdownReason)"
        case .recovered: StateClause.healthyAgain.ofOne
        case .postponed: "running: \(HoldReason.postponed)"
        case .dryRun: "running: dry run"
        }
    }
}

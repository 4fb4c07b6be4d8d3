/// A process state (Supervisor manual, "Process States").
public enum ProcessState: Int, Sendable, Hashable, CaseIterable {
    /// Stopped on request, or never started.
    case stopped = 0
    /// Starting on request.
    case starting = 10
    /// Running.
    case running = 20
    /// Exited too soon after its start; it will be restarted.
    case backoff = 30
    /// Stopping on request.
    case stopping = 40
    /// Exited while running, expectedly or not.
    case exited = 100
    /// Failed to start too often; supervisord no longer restarts it.
    case fatal = 200
    /// Unknown, caused by an error in supervisord.
    case unknown = 1000
}

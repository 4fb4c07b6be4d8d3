// The states supervisord knows a process in.

/// A state of a process (Supervisor manual, chapter Subprocesses, "Process States").
public enum ProcessState: Int, Sendable, Hashable, CaseIterable {
    /// Stopped on request, or never started.
    case stopped = 0
    /// Starting on request.
    case starting = 10
    /// Running.
    case running = 20
    /// Ended too soon after its start; it will be started again.
    case backoff = 30
    /// Stopping on request.
    case stopping = 40
    /// Ended while running, as expected or not.
    case exited = 100
    /// Could not be started, and will not be again by itself.
    case fatal = 200
    /// In a state that is an error of supervisord's.
    case unknown = 1000
}

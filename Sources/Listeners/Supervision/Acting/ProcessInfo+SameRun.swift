internal import SupervisorRPC

extension ProcessInfo {
    /// Whether a process is still as it was before a start was requested.
    ///
    /// The start times alone do not show that: they are in seconds, and a job may take less.
    func isSameRun(as other: ProcessInfo) -> Bool {
        start == other.start && state == other.state && stop == other.stop
            && exitStatus == other.exitStatus
    }
}

internal import SupervisorRPC

extension SupervisedProcess {
    /// Whether a process is still as it was before a start was requested.
    ///
    /// The start times alone do not show that: they are in seconds, and a job may take less.
    func isSameRun(as other: SupervisedProcess) -> Bool {
        start == other.start && state == other.state && stop == other.stop
            && exitStatus == other.exitStatus
    }
}

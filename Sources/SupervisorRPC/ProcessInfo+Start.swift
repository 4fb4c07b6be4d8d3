// Whether a process has been started since it was looked at before.

internal import ListenerProtocol

extension ProcessInfo {
    /// Whether a process has been started since it was looked at before, and has not failed.
    ///
    /// An answer of true does not mean that: the Go host gives it whatever became of the process,
    /// and a process may have ended before supervisord answers.
    ///
    /// - Parameters:
    ///   - before: What was known of it then; `nil` if nothing, so that any start counts.
    ///   - exitCodes: The statuses with which it may end, its `exitcodes=`; ignored on the Go host,
    ///     which does not tell them and calls nothing `EXITED` that has ended before `startsecs=`.
    /// - Returns: Whether it is STARTING or RUNNING, or EXITED as it may.
    public func hasStarted(since before: ProcessInfo?, exitCodes: [Int] = [0]) -> Bool {
        guard let before else { return isUp || hasEndedWell(exitCodes) }
        // Starts are known to the second; two within the same one have two identifiers.
        let isNewer = start > before.start || (pid != 0 && pid != before.pid)
        return isNewer && (isUp || hasEndedWell(exitCodes))
    }

    /// Whether it is STARTING or RUNNING.
    public var isUp: Bool { state == .starting || state == .running }

    private func hasEndedWell(_ exitCodes: [Int]) -> Bool {
        state == .exited && (isFromGoHost || exitCodes.contains(exitStatus))
    }
}

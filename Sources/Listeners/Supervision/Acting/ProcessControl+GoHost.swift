internal import ListenerProtocol
internal import SupervisorRPC

extension ProcessControl {
    /// Whether a process that is STOPPED was stopped by someone.
    ///
    /// The Go implementation from 0.7.4 on also shows this state after a start that has failed,
    /// until it notices that, at intervals of a tenth of a second.
    ///
    /// - Parameter info: The process, STOPPED or STOPPING.
    /// - Returns: Whether it was; always for other implementations.
    func staysStopped(_ info: SupervisedProcess) -> Bool {
        guard info.isFromGoSupervisord, info.state == .stopped else { return true }
        pause(.seconds(1))
        guard let later = try? self.info(of: info.processName) else { return true }
        return later.state == .stopped && later.start == info.start
    }
}

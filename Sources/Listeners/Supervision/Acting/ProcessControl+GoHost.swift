internal import ListenerProtocol
internal import SupervisorRPC
internal import System

extension ProcessControl {
    /// Whether a process in BACKOFF was stopped by someone while it was STARTING.
    ///
    /// The Go implementation 0.7.3, and 0.7.4 and later, leave it in that state for good. Between the
    /// attempts of a start that fails, they do so only for a moment, or for `restartpause=` seconds.
    ///
    /// - Parameter info: The process in BACKOFF, with a start time of its own.
    /// - Returns: Whether it was; never for other implementations.
    func restsInBackoff(_ info: SupervisedProcess) -> Bool {
        guard info.isFromGoSupervisord, info.state == .backoff else { return false }
        let end = now + .seconds(12)
        while now < end {
            pause(.milliseconds(250))
            guard let later = try? self.info(of: info.processName),
                later.state == .backoff, later.start == info.start
            else { return false }
        }
        return true
    }

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

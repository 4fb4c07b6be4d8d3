internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// The environment of a restart: supervisord, the operator's commands and the clock.
protocol ProcessControl {
    /// The current time.
    var now: Instant { get }

    /// Waits.
    func pause(_ time: Duration)

    /// Returns the state of a process.
    func info(of process: ProcessName) throws(RPCError) -> SupervisedProcess

    /// Returns the exit statuses that are expected of a process, its `exitcodes=`.
    func exitCodes(of process: ProcessName) -> [Int]

    /// Returns the moments at which a process was stopped on request, by anyone.
    ///
    /// - Returns: The latest ones, as supervisord's log has them; nil if that cannot be read.
    func stops(of process: ProcessName) -> Set<String>?

    /// Requests a stop without waiting for its end.
    func stop(_ process: ProcessName) throws(RPCError)

    /// Requests a start without waiting for RUNNING.
    func start(_ process: ProcessName) throws(RPCError)

    /// Sends a signal.
    func signal(_ process: ProcessName, _ signal: String) throws(RPCError)

    /// Runs a command of the operator.
    ///
    /// - Returns: Its exit status; nil if there was none.
    func run(_ command: [String], _ variables: [String: String]) -> Int32?
}

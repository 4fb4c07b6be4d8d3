// What a restart asks of the world.

internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// What a restart asks of the world: supervisord, the operator's commands and the time.
protocol ProcessControl {
    /// The present moment.
    var now: Instant { get }

    /// Waits.
    func pause(_ time: Duration)

    /// Asks how a process is.
    func info(of process: ProcessName) throws(RPCError) -> ProcessInfo

    /// Asks for a stop, and does not wait for its end.
    func stop(_ process: ProcessName) throws(RPCError)

    /// Asks for a start, and does not wait until it counts as RUNNING.
    func start(_ process: ProcessName) throws(RPCError)

    /// Sends a signal.
    func signal(_ process: ProcessName, _ signal: String) throws(RPCError)

    /// Runs a command of the operator's.
    ///
    /// - Returns: Its exit status; nothing if it had none.
    func run(_ command: [String], _ variables: [String: String]) -> Int32?
}

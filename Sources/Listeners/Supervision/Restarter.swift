// Stops and starts a process, and never forgets the second half. Runs in a worker.

internal import EventLoop
internal import Glibc
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// Stops and starts a process, in a worker.
///
/// From the moment at which a stop is asked for, a start is owed: the worker says so
/// (``PendingStarts/owed``) before it asks, and says when the start is no longer owed, so that its
/// parent can see to it whatever becomes of the worker.
struct Restarter {
    let client: SupervisorClient

    /// How long a start is tried again when supervisord cannot be reached.
    static let persistence = Duration.seconds(60)

    /// Stops a process, then starts it.
    ///
    /// - Parameter process: The process.
    /// - Returns: What became of it.
    func restart(_ process: ProcessName) -> RestartResult {
        WorkerAnswer.write(PendingStarts.owed, process.group, process.name)
        do throws(RPCError) {
            try client.stopProcess(process.description)
        } catch {
            // A fault means that it was not stopped. Without an answer it may have been.
            if case .fault = error {
                WorkerAnswer.write(PendingStarts.paid, process.group, process.name)
            }
            return .stopFailed(error)
        }
        return start(process)
    }

    /// Starts a process.
    ///
    /// - Parameter process: The process.
    /// - Returns: What became of it.
    func start(_ process: ProcessName) -> RestartResult {
        do throws(RPCError) {
            try persistently { () throws(RPCError) in try client.startProcess(process.description) }
        } catch {
            guard case .fault(let fault) = error, fault.code == .alreadyStarted else {
                return .startFailed(error)
            }
            WorkerAnswer.write(PendingStarts.paid, process.group, process.name)
            return .alreadyStarted(error)
        }
        WorkerAnswer.write(PendingStarts.paid, process.group, process.name)
        WorkerAnswer.write(RestartResult.record, process.group, process.name)
        return .restarted
    }

    /// Repeats a call while supervisord cannot be reached: it may be busy, or reading its
    /// configuration anew.
    private func persistently(_ call: () throws(RPCError) -> Void) throws(RPCError) {
        let end = Instant.now + Self.persistence
        while true {
            do throws(RPCError) {
                return try call()
            } catch {
                guard error.isTransport && Instant.now < end else { throw error }
                sleep(1)
            }
        }
    }
}

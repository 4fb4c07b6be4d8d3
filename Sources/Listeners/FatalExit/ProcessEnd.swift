// How a process has ended, and how it is now. Runs in a worker.

internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC

/// Finds out how a process has ended, and how it is now.
///
/// The RPC knows the status of one that exited, not the number of a signal, and 0 for one that is
/// FATAL, whatever it was; supervisord's log has it.
struct ProcessEnd {
    let cause: FatalExitCause
    let client: SupervisorClient

    /// How long all of it may take.
    static let deadline = Duration.seconds(3)

    /// What was found out.
    struct Finding: WorkerRecord {
        static let recordName = "process-end"

        /// The process's state; nothing if supervisord could not be asked.
        var state: ProcessState?
        /// Its status, 128 and its number for a signal.
        var status: Int32?
        /// Whether supervisord is shutting down or starting anew.
        var isStopping = false

        /// Nothing was found out.
        init() {}

        init?(fields: [String]) {
            guard fields.count == 3 else { return nil }
            state = Int(fields[0]).flatMap(ProcessState.init)
            status = Int32(fields[1])
            isStopping = fields[2] == "1"
        }

        var fields: [String] {
            [
                state.map { "\($0.rawValue)" } ?? "", status.map { "\($0)" } ?? "",
                isStopping ? "1" : "0",
            ]
        }
    }

    /// Finds it out; the last record has most of it.
    func run() -> Int32 {
        var finding = Finding()
        do throws(RPCError) {
            finding.isStopping = try client.getState().code != 1
            let info = try client.getProcessInfo(cause.process.full)
            finding.state = info.state
            finding.write()
            finding.status = status(info)
        } catch {
            if case .fault(let fault) = error, fault.code == .shutdownState {
                finding.isStopping = true
            }
        }
        finding.write()
        return 0
    }

    private func status(_ info: ProcessInfo) -> Int32? {
        let isFatal = info.state == .fatal || cause.kind == .fatal
        if !isFatal && info.state == .exited && info.exitStatus >= 0 {
            return Int32(clamping: info.exitStatus)
        }
        // Of one that never ran there is no status.
        if isFatal && !info.spawnError.isEmpty && !info.spawnError.hasPrefix(Self.tooQuickly) {
            return nil
        }
        guard let log = SupervisordLog.end(by: client) else { return nil }
        if let pid = cause.pid, let death = log.death(of: cause.process.name, pid: pid) {
            return death.status
        }
        return log.lastDeath(of: cause.process.name)?.status
    }

    /// What supervisord says of one that ran, but not long enough.
    private static let tooQuickly = "Exited too quickly"
}

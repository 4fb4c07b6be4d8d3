internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC

/// Determines the exit status and current state of a process.
///
/// The RPC has the status of an exited process, but not the number of a signal, and always 0 for a
/// FATAL one. supervisord's log has both.
///
/// Runs in a worker.
struct ProcessEnd {
    let cause: FatalExitCause
    let client: SupervisorClient

    /// The timeout for the whole determination.
    static let deadline = Duration.seconds(3)

    /// The result.
    struct Finding: WorkerRecord {
        static let recordName = "process-end"

        /// The process's state; nil if supervisord could not be asked.
        var state: ProcessState?
        /// The exit status; 128 plus the number of a signal.
        var status: Int32?
        /// Whether supervisord is shutting down or restarting.
        var isStopping = false
        /// Whether supervisord does not know the process any more.
        var isGone = false
        /// Why the status is unknown, and what to change; nil if it is known or there is none.
        var unknown: String? = "supervisord does not respond"

        /// An empty result.
        init() {}

        init?(fields: [String]) {
            guard fields.count == 5 else { return nil }
            state = Int(fields[0]).flatMap(ProcessState.init)
            status = Int32(fields[1])
            isStopping = fields[2] == "1"
            isGone = fields[3] == "1"
            unknown = fields[4].isEmpty ? nil : fields[4]
        }

        var fields: [String] {
            [
                state.map { "\($0.rawValue)" } ?? "", status.map { "\($0)" } ?? "",
                isStopping ? "1" : "0", isGone ? "1" : "0", unknown ?? "",
            ]
        }
    }

    /// Writes a record for each result; the last one is the most complete.
    func run() -> Int32 {
        var finding = Finding()
        do throws(RPCError) {
            finding.isStopping = try client.getState().code != 1
            let info = try client.getProcessInfo(cause.process.qualifiedName)
            finding.state = info.state
            finding.write()
            finding.unknown = nil
            if hasStatus(info) { findStatus(info, &finding) }
        } catch {
            if error.isShuttingDown { finding.isStopping = true }
            if case .fault(let fault) = error { finding.isGone = fault.code == .badName }
            finding.unknown = "\(error)"
        }
        finding.write()
        return 0
    }

    private func isFatal(_ info: SupervisedProcess) -> Bool {
        info.state == .fatal || cause.kind == .fatal
    }

    /// Whether the process has ended with a status: a program that could not be executed has none.
    private func hasStatus(_ info: SupervisedProcess) -> Bool {
        !isFatal(info) || info.spawnError.isEmpty || info.spawnError.hasPrefix(Self.tooQuickly)
    }

    private func findStatus(_ info: SupervisedProcess, _ finding: inout Finding) {
        if !isFatal(info) && info.state == .exited && info.exitStatus >= 0 {
            finding.status = Int32(clamping: info.exitStatus)
            return
        }
        // /dev/stdout is a pipe and cannot be read, and /dev/null is empty.
        guard let text = SupervisordLog.text(by: client), !text.isEmpty else {
            finding.unknown =
                "supervisord's log cannot be read; set logfile= in [supervisord] to a file"
            return
        }
        finding.status = status(in: text, info)
        if finding.status == nil {
            finding.unknown =
                "supervisord's log does not contain it; set loglevel=info in [supervisord]"
        }
    }

    private func status(in text: String, _ info: SupervisedProcess) -> Int32? {
        let name = cause.process.name
        let log = SupervisordLog(text)
        if let pid = cause.pid, let death = log.death(of: name, pid: pid) { return death.status }
        if let death = log.lastDeath(of: name) { return death.status }
        let lifetime = info.start...max(info.start, info.now)
        return GoHostLog(text).end(of: name, during: lifetime)?.status
    }

    /// supervisord's message for a program that ran, but not for long enough.
    private static let tooQuickly = "Exited too quickly"
}

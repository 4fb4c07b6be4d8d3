internal import Alerting
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// Details of a process that one of our tools restarts: its host and its latest output.
///
/// Runs in a worker.
struct ProcessContext {
    let client: SupervisorClient
    /// How many lines of its log to include.
    let lineCount: Int
    /// The ends of its logs when it was started; nil if unknown.
    var previous: LogBegin.Mark?

    /// The timeout for each call to supervisord; the alert does not wait longer.
    private static let timeout = Duration.seconds(3)

    /// The host and the supervisor.
    func diagnostics() -> Diagnostics {
        var diagnostics = Diagnostics(host: HostName.current)
        let answer = try? client.call("supervisor.getIdentification", timeout: Self.timeout)
        diagnostics.supervisor = answer?.string
        return diagnostics
    }

    /// The host, the supervisor and the end of a process's log.
    func diagnostics(of process: ProcessName) -> Diagnostics {
        var found = diagnostics()
        log(of: process)?.fill(&found)
        return found
    }

    /// Reads the end of a process's log, which must be done before the restart.
    func log(of process: ProcessName) -> ProcessLog? {
        info(of: process).flatMap { info in
            ProcessLog(of: info, lines: lineCount, previous: previous, client: client)
        }
    }

    /// Reads the end of a process's log after the restart, with the remark that lines of the next
    /// process may be there.
    func lateLog(of process: ProcessName) -> ProcessLog? {
        info(of: process).flatMap { ProcessLog(before: $0, lines: lineCount, client: client) }
    }

    private func info(of process: ProcessName) -> SupervisedProcess? {
        guard lineCount > 0 else { return nil }
        let answer = try? client.call(
            "supervisor.getProcessInfo", [.string(process.qualifiedName)], timeout: Self.timeout)
        return answer.flatMap { try? SupervisedProcess($0) }
    }
}

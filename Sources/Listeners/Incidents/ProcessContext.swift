// What can be said of a process that we restart ourselves. Runs in a worker.

internal import Alerting
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// What can be said of a process that we restart ourselves: where it runs, and what it wrote last.
struct ProcessContext {
    let client: SupervisorClient
    /// How many lines of its log are wanted.
    let lineCount: Int

    /// How long each question to supervisord may take: the alert does not wait for more.
    private static let patience = Duration.seconds(3)

    /// The host and the supervisor.
    func diagnostics() -> Diagnostics {
        var diagnostics = Diagnostics(host: HostName.current)
        let answer = try? client.call("supervisor.getIdentification", deadline: Self.patience)
        diagnostics.supervisor = answer?.string
        return diagnostics
    }

    /// The end of a process's log, to be taken before the process is restarted.
    func log(of process: ProcessName) -> ProcessLog? {
        guard lineCount > 0 else { return nil }
        let answer = try? client.call(
            "supervisor.getProcessInfo", [.string(process.full)], deadline: Self.patience)
        guard let info = answer.flatMap({ try? ProcessInfo($0) }) else { return nil }
        return ProcessLog(of: info, lines: lineCount, client: client)
    }
}

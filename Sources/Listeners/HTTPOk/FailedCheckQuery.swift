internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC

/// Gets the state of the programs of a failed check.
///
/// Runs in a worker.
struct FailedCheckQuery {
    let options: HTTPOkOptions
    let client: SupervisorClient
    /// The processes of the check; empty for those that the options select.
    let processes: [ProcessName]
    /// Whether an alert may be due that the site fails although nothing is restarted.
    let mayAlert: Bool
    /// Where the logs of processes ended when they were started, as far as it is known.
    let logEnds: [ProcessName: LogBegin.Mark]

    /// A program that does not exist.
    struct MissingProgram: WorkerRecord {
        static let recordName = "missing"

        let name: String

        var fields: [String] { [name] }

        init(name: String) {
            self.name = name
        }

        init?(fields: [String]) {
            guard fields.count == 1 else { return nil }
            name = fields[0]
        }
    }

    /// The key under which a failure to list the processes is logged.
    static let failure = "processes"
    /// supervisord is shutting down.
    static let shutdown = "shutdown"

    /// Gets the state, and writes the findings.
    func run() -> Int32 {
        let context = ProcessContext(client: client, lineCount: options.logLines)
        DiagnosticsRecord(context.diagnostics()).write()
        if let path = options.policy.silenceFile { SilenceRecord(reading: path).write() }
        do throws(RPCError) {
            let infos = try client.getAllProcessInfo()
            ObservedProcess.write(infos.filter { selects($0.processName) })
            if mayAlert {
                infos.filter(isRunning).prefix(5).forEach(writeLog)
            }
            let missing = options.selection.patterns.filter { pattern in
                processes.isEmpty && !infos.contains { pattern.matches($0.processName) }
            }
            for name in missing { MissingProgram(name: name.description).write() }
        } catch {
            if error.isShuttingDown {
                // Sites go down when their programs are stopped.
                CheckFailure(
                    key: Self.shutdown,
                    text: "not acting and not alerting, supervisord is shutting down"
                ).write()
            } else {
                CheckFailure(
                    key: Self.failure,
                    text: HTTPOkMessages.noProcesses("\(error)")
                ).write()
            }
        }
        return 0
    }

    private func isRunning(_ info: SupervisedProcess) -> Bool {
        selects(info.processName) && info.state == .running
    }

    /// Writes the end of a process's log for an alert without a restart, which does that itself.
    private func writeLog(_ info: SupervisedProcess) {
        ProcessLogRecord.write(
            of: info, lines: options.logLines, after: logEnds[info.processName], client: client)
    }

    private func selects(_ process: ProcessName) -> Bool {
        processes.isEmpty ? options.selection.selects(process) : processes.contains(process)
    }
}

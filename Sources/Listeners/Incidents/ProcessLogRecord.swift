internal import Alerting
internal import EventLoop
internal import SupervisorRPC

/// The ends of the logs of one process, with the command that shows them.
struct ProcessLogRecord: WorkerRecord {
    static let recordName = "process_log"

    let log: Diagnostics

    var fields: [String] { DiagnosticsRecord(log).fields }

    /// Reads the ends of a process's logs, and writes them for the parent; called in a worker.
    static func write(
        of info: SupervisedProcess, lines count: Int, after previous: LogBegin.Mark?,
        client: SupervisorClient
    ) {
        ProcessLog(of: info, lines: count, previous: previous, client: client)
            .map(ProcessLogRecord.init)?.write()
    }

    init(_ log: ProcessLog) {
        var found = Diagnostics()
        log.fill(&found)
        self.log = found
    }

    init?(fields: [String]) {
        guard let record = DiagnosticsRecord(fields: fields) else { return nil }
        log = record.diagnostics
    }
}

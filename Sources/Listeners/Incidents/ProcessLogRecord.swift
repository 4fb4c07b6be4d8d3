internal import Alerting
internal import EventLoop

/// The ends of the logs of one process, with the command that shows them.
struct ProcessLogRecord: WorkerRecord {
    static let recordName = "process_log"

    let log: Diagnostics

    var fields: [String] { DiagnosticsRecord(log).fields }

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

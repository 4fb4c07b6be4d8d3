internal import Alerting
internal import EventLoop

/// Diagnostics that a worker has collected.
struct DiagnosticsRecord: WorkerRecord {
    static let recordName = "diagnostics"

    let diagnostics: Diagnostics

    var fields: [String] {
        [String(decoding: diagnostics.records.flatMap(TextRecord.encode), as: UTF8.self)]
    }

    init(_ diagnostics: Diagnostics) {
        self.diagnostics = diagnostics
    }

    init?(fields: [String]) {
        guard fields.count == 1,
            let found = Diagnostics(records: TextRecord.parse(Array(fields[0].utf8)))
        else { return nil }
        diagnostics = found
    }
}

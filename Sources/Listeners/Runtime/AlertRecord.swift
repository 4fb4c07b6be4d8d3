internal import Alerting
internal import EventLoop

/// Passes an alert from a worker to its parent, which keeps it until it is delivered.
struct AlertRecord: WorkerRecord {
    static let recordName = "alert"

    let alert: Alert

    init(_ alert: Alert) {
        self.alert = alert
    }

    init?(fields: [String]) {
        guard fields.count == 1, let alert = Alert(records: TextRecord.parse(Array(fields[0].utf8)))
        else { return nil }
        self.alert = alert
    }

    var fields: [String] {
        [String(decoding: alert.records.flatMap(TextRecord.encode), as: UTF8.self)]
    }
}

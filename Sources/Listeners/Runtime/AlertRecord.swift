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
        var records: [[String]] = []
        var rest = fields[...]
        while let count = rest.popFirst().flatMap({ Int($0) }) {
            guard (0...rest.count).contains(count) else { return nil }
            records.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        guard let alert = Alert(records: records) else { return nil }
        self.alert = alert
    }

    var fields: [String] {
        // Records within a record, each with its length before it: nothing is escaped twice.
        alert.records.flatMap { ["\($0.count)"] + $0 }
    }
}

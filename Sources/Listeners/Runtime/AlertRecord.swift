// How a worker hands an alert to the resident program.

internal import Alerting
internal import EventLoop

/// How a worker hands an alert to the resident program, which keeps it until it is delivered.
enum AlertRecord {
    private static let name = "alert"

    /// Hands an alert over.
    static func write(_ alert: Alert) {
        let lines = alert.records.flatMap(TextRecord.encode)
        WorkerAnswer.write(name, String(decoding: lines, as: UTF8.self))
    }

    /// The alerts among a worker's records.
    static func alerts(in records: [[String]]) -> [Alert] {
        records.filter { $0.count == 2 && $0[0] == name }
            .compactMap { Alert(records: TextRecord.parse(Array($0[1].utf8))) }
    }
}

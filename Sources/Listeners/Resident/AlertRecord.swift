// How a worker hands an alert to the resident program.

internal import Alerting
internal import EventLoop

/// How a worker hands an alert to the resident program, which keeps it until it is delivered.
enum AlertRecord {
    private static let name = "alert"

    /// Hands an alert over.
    static func write(subject: String, body: String) {
        WorkerAnswer.write(name, subject, body)
    }

    /// The alerts among a worker's records, as of now.
    static func alerts(in records: [[String]]) -> [Alert] {
        records.filter { $0.count == 3 && $0[0] == name }
            .map { Alert(subject: $0[1], body: $0[2], time: .now) }
    }
}

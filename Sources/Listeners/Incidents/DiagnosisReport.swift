internal import Alerting
internal import EventLoop

/// Reports a worker's findings about one incident.
struct DiagnosisReport {
    private let number: Int

    /// Creates a report.
    ///
    /// - Parameter number: The number of the incident.
    init(_ number: Int) {
        self.number = number
    }

    /// Reports findings.
    func add(_ diagnostics: Diagnostics) {
        for line in diagnostics.records { FactRecord(number: number, line: line).write() }
    }

    /// Reports that supervisord is shutting down.
    func addShutdown() {
        ShutdownRecord(number: number).write()
    }

    // MARK: In the main process

    /// Merges a worker's findings about each incident, by its number.
    static func results(in records: WorkerRecords) -> [Int: DiagnosisQueue.Result] {
        let facts = Dictionary(grouping: records.all(FactRecord.self), by: \.number)
        var results = facts.compactMapValues { facts in
            Diagnostics(records: facts.map(\.line)).map(DiagnosisQueue.Result.explained)
        }
        for record in records.all(ShutdownRecord.self) { results[record.number] = .shutdown }
        return results
    }

    /// Reports one finding.
    private struct FactRecord: WorkerRecord {
        static let recordName = "diagnostics"

        let number: Int
        let line: [String]

        init(number: Int, line: [String]) {
            self.number = number
            self.line = line
        }

        init?(fields: [String]) {
            guard let number = fields.first.flatMap({ Int($0) }) else { return nil }
            self.init(number: number, line: Array(fields.dropFirst()))
        }

        var fields: [String] { ["\(number)"] + line }
    }

    /// Reports that supervisord is shutting down, so the exit is not an incident.
    private struct ShutdownRecord: WorkerRecord {
        static let recordName = "shutting-down"

        let number: Int

        init(number: Int) {
            self.number = number
        }

        init?(fields: [String]) {
            guard let number = fields.first.flatMap({ Int($0) }) else { return nil }
            self.number = number
        }

        var fields: [String] { ["\(number)"] }
    }
}

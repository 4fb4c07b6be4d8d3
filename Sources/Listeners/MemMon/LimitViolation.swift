internal import EventLoop
internal import ListenerProtocol

/// A process that exceeds its memory limit.
struct LimitViolation: WorkerRecord, Equatable {
    static let recordName = "violation"

    let process: ProcessName
    let pid: Int

    /// Its resident set, in bytes.
    let size: Int

    /// The limit that it passed, in bytes; the lowest if there are several.
    let limit: Int

    /// How long it has run, in seconds.
    let uptime: Int

    /// Who in its tree holds it, in a paragraph; empty if it is counted alone.
    let holders: String

    /// The reason for a restart, as a clause.
    var reason: String {
        "it holds \(MemoryChart.megabytes(size).trimmed) of \(MemoryChart.megabytes(limit).trimmed)"
    }

    var fields: [String] {
        [
            process.group, process.name, "\(pid)", "\(size)", "\(limit)", "\(uptime)",
            holders,
        ]
    }
}

extension LimitViolation {
    init?(fields: [String]) {
        let numbers = fields.dropFirst(2).prefix(4).compactMap { Int($0) }
        guard fields.count == 7, numbers.count == 4 else { return nil }
        self.init(
            process: ProcessName(group: fields[0], name: fields[1]), pid: numbers[0],
            size: numbers[1], limit: numbers[2], uptime: numbers[3], holders: fields[6])
    }
}

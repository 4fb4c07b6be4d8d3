// A process that holds more memory than it may.

internal import ListenerProtocol

/// A process that holds more memory than it may.
struct LimitViolation: Equatable {
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

    private static let record = "violation"

    /// The record by which a worker tells its parent.
    var fields: [String] {
        [
            Self.record, process.group, process.name, "\(pid)", "\(size)", "\(limit)", "\(uptime)",
            holders,
        ]
    }
}

extension LimitViolation {
    /// Reads a worker's record.
    init?(_ record: [String]) {
        let numbers = record.dropFirst(3).prefix(4).compactMap { Int($0) }
        guard record.count == 8, record[0] == Self.record, numbers.count == 4 else { return nil }
        self.init(
            process: ProcessName(group: record[1], name: record[2]), pid: numbers[0],
            size: numbers[1], limit: numbers[2], uptime: numbers[3], holders: record[7])
    }
}

internal import EventLoop
internal import ListenerProtocol

/// A process that exceeds its memory limit.
struct LimitViolation: WorkerRecord, Equatable {
    static let recordName = "violation"

    let process: ProcessName
    let pid: Int

    /// Its memory in bytes.
    let size: Int

    /// The measure.
    var measure = MemoryMeasure.resident

    /// The limit that it exceeds, in bytes; the lowest if there are several.
    let limit: Int

    /// Whether it exceeds only the percentage of `--warn`.
    var isSoft = false

    /// Its uptime in seconds.
    let uptime: Int

    /// The largest processes of its tree, as a paragraph; empty without `--cumulative`.
    var holders = ""

    /// The total of its group, if that exceeds its limit.
    var total: GroupTotal?

    /// The processes of that group, by their identifiers.
    var members: [Int] = []

    /// The reason for a restart, as a clause.
    var reason: String {
        guard let total else {
            return "it uses \(Self.megabytes(size)) of \(Self.megabytes(limit))"
        }
        return "group \(total.group) uses \(Self.megabytes(total.size)) of "
            + "\(Self.megabytes(total.limit)), and it uses the most: \(Self.megabytes(size))"
    }

    /// The violation in a few words, for the headline.
    var cause: String {
        if let total {
            return "memory of group \(total.group) \(Self.megabytes(total.size)) over "
                + "\(Self.megabytes(total.limit)), this process holds \(Self.megabytes(size))"
        }
        let name = measure == .resident ? "memory" : measure.label
        return "\(name) \(Self.megabytes(size)) over \(Self.megabytes(limit))"
    }

    /// What it holds and the limit, beside superlance's number of bytes.
    var sizes: String {
        guard let total else {
            return "\(Self.megabytes(size)), limit \(Self.megabytes(limit))"
        }
        return "\(Self.megabytes(size)), its group \(Self.megabytes(total.size)), "
            + "limit of the group \(Self.megabytes(total.limit))"
    }

    static func megabytes(_ size: Int) -> Substring { MemoryChart.megabytes(size).trimmed }

    var fields: [String] {
        [
            process.group, process.name, "\(pid)", "\(size)", "\(limit)", "\(uptime)",
            holders, measure.rawValue, isSoft ? "1" : "0",
        ]
    }
}

extension LimitViolation {
    init?(fields: [String]) {
        let numbers = fields.dropFirst(2).prefix(4).compactMap { Int($0) }
        guard fields.count == 9, numbers.count == 4,
            let measure = MemoryMeasure(rawValue: fields[7])
        else { return nil }
        self.init(
            process: ProcessName(group: fields[0], name: fields[1]), pid: numbers[0],
            size: numbers[1], measure: measure, limit: numbers[2], isSoft: fields[8] == "1",
            uptime: numbers[3], holders: fields[6])
    }
}

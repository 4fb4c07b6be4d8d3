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

    /// Its limit in bytes, if it exceeds only the percentage of `--warn`, which is the limit in the
    /// restart window.
    var hardLimit: Int?

    /// Whether it exceeds only the percentage of `--warn`.
    var isSoft: Bool { hardLimit != nil }

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
            return "it uses \(Self.megabytes(size)) \(measure.label) of \(bound)"
        }
        return "group \(total.group) uses \(Self.megabytes(total.size)) \(measure.label) of "
            + "\(Self.megabytes(total.limit)), and it uses the most: \(Self.megabytes(size))"
    }

    /// The limit that it exceeds, with the one that it does not exceed yet.
    private var bound: String {
        let limit = Self.megabytes(limit)
        return hardLimit.map {
            "\(limit) (--warn in the restart window; limit \(Self.megabytes($0)))"
        } ?? "\(limit)"
    }

    /// The violation in a few words, for the headline.
    var cause: String {
        if let total {
            return "memory of group \(total.group) \(Self.megabytes(total.size)) over "
                + "\(Self.megabytes(total.limit)), this process holds \(Self.megabytes(size))"
        }
        let name = measure == .resident ? "memory" : measure.label
        return "\(name) \(Self.megabytes(size)) over \(bound)"
    }

    /// Its limit, and that of `--warn` if it exceeds only that.
    private var limits: String {
        guard let hardLimit else { return "limit \(Self.megabytes(limit))" }
        return "limit \(Self.megabytes(hardLimit)), in the restart window "
            + "\(Self.megabytes(limit)) (--warn)"
    }

    /// What a process and its group hold, each with its limit, beside superlance's number of bytes.
    ///
    /// - Parameter violations: The limits that it exceeds; at most one of each kind.
    /// - Returns: The sizes as a clause.
    static func sizes(of violations: [LimitViolation]) -> String {
        let own = violations.first { $0.total == nil }
        guard let measured = own ?? violations.first else { return "" }
        let limits = own.map { ", \($0.limits)" } ?? ""
        let group = violations.lazy.compactMap(\.total).first.map { total in
            "; group \(total.group) \(megabytes(total.size)), limit \(megabytes(total.limit))"
        }
        return "\(megabytes(measured.size))\(limits)\(group ?? "")"
    }

    static func megabytes(_ size: Int) -> Substring { MemoryChart.megabytes(size).trimmed }

    var fields: [String] {
        [
            process.group, process.name, "\(pid)", "\(size)", "\(limit)", "\(uptime)",
            holders, measure.rawValue, hardLimit.map(String.init) ?? "",
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
            size: numbers[1], measure: measure, limit: numbers[2], hardLimit: Int(fields[8]),
            uptime: numbers[3], holders: fields[6])
    }
}

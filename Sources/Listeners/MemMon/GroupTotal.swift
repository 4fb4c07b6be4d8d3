internal import EventLoop

/// The total memory of a group, which has a limit.
struct GroupTotal: WorkerRecord, Hashable {
    static let recordName = "total"

    let group: String
    /// The size in bytes.
    let size: Int
    /// The limit in bytes.
    let limit: Int
    let measure: MemoryMeasure

    var isOver: Bool { size > limit }

    init(group: String, size: Int, limit: Int, measure: MemoryMeasure) {
        self.group = group
        self.size = size
        self.limit = limit
        self.measure = measure
    }

    var fields: [String] { [group, "\(size)", "\(limit)", measure.rawValue] }

    init?(fields: [String]) {
        guard fields.count == 4, let size = Int(fields[1]), let limit = Int(fields[2]),
            let measure = MemoryMeasure(rawValue: fields[3])
        else { return nil }
        self.init(group: fields[0], size: size, limit: limit, measure: measure)
    }
}

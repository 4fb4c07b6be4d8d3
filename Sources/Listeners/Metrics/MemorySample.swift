internal import EventLoop
internal import ListenerProtocol

/// memmon's measurement of one process.
struct MemorySample: WorkerRecord {
    static let recordName = "memory"

    let process: ProcessName
    let pid: Int
    /// The memory in bytes.
    let size: Int
    /// The lowest applicable limit, in bytes.
    let limit: Int

    init(process: ProcessName, pid: Int, size: Int, limit: Int) {
        self.process = process
        self.pid = pid
        self.size = size
        self.limit = limit
    }

    init?(fields: [String]) {
        let numbers = fields.dropFirst(2).compactMap { Int($0) }
        guard fields.count == 5, numbers.count == 3 else { return nil }
        self.init(
            process: ProcessName(group: fields[0], name: fields[1]), pid: numbers[0],
            size: numbers[1], limit: numbers[2])
    }

    var fields: [String] { [process.group, process.name, "\(pid)", "\(size)", "\(limit)"] }
}

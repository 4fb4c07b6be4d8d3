// What memmon measured of a process.

internal import EventLoop
internal import ListenerProtocol

/// What memmon measured of a process.
struct MemorySample: WorkerRecord {
    static let recordName = "memory"

    let process: ProcessName
    let pid: Int
    /// Its memory, in bytes.
    let size: Int
    /// The lowest limit that applies to it, in bytes.
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

// What memmon measured of a process.

internal import EventLoop
internal import ListenerProtocol

/// What memmon measured of a process.
struct MemorySample {
    let process: ProcessName
    /// What it holds, in bytes.
    let size: Int
    /// What it may hold, in bytes; the lowest limit if there are several.
    let limit: Int

    private static let record = "memory"

    /// Tells the parent of a process.
    static func write(_ process: ProcessName, size: Int, limit: Int) {
        WorkerAnswer.write(record, process.group, process.name, "\(size)", "\(limit)")
    }
}

extension MemorySample {
    /// Reads a worker's record.
    init?(_ record: [String]) {
        guard record.count == 5, record[0] == Self.record, let size = Int(record[3]),
            let limit = Int(record[4])
        else { return nil }
        process = ProcessName(group: record[1], name: record[2])
        self.size = size
        self.limit = limit
    }
}

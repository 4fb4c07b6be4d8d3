internal import EventLoop
internal import ListenerProtocol

/// memmon's measurement of one process.
struct MemorySample: WorkerRecord {
    static let recordName = "memory"

    let process: ProcessName
    let pid: Int
    /// Its resident set, in bytes.
    let size: Int
    /// The lowest limit that applies to it by itself, in bytes.
    let limit: Int?
    /// The value of the configured measure in bytes, if it was read and differs from the resident
    /// set.
    var measured: Int?

    /// The size that limits are compared with, in bytes.
    var compared: Int { measured ?? size }

    init(process: ProcessName, pid: Int, size: Int, limit: Int?, measured: Int? = nil) {
        self.process = process
        self.pid = pid
        self.size = size
        self.limit = limit
        self.measured = measured
    }

    init?(fields: [String]) {
        guard fields.count == 6, let pid = Int(fields[2]), let size = Int(fields[3]) else {
            return nil
        }
        self.init(
            process: ProcessName(group: fields[0], name: fields[1]), pid: pid, size: size,
            limit: Int(fields[4]), measured: Int(fields[5]))
    }

    var fields: [String] {
        [
            process.group, process.name, "\(pid)", "\(size)", limit.map(String.init) ?? "",
            measured.map(String.init) ?? "",
        ]
    }
}

internal import EventLoop
internal import ListenerProtocol

/// A worker's report of one of supervisord's processes.
struct ProcessNameRecord: WorkerRecord {
    static let recordName = "process"

    let process: ProcessName

    init(process: ProcessName) {
        self.process = process
    }

    init?(fields: [String]) {
        guard fields.count == 2 else { return nil }
        process = ProcessName(group: fields[0], name: fields[1])
    }

    var fields: [String] { [process.group, process.name] }
}

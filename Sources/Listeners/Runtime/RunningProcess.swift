internal import EventLoop
internal import ListenerProtocol
internal import System

/// A process that is RUNNING, as a worker reports it.
struct RunningProcess: WorkerRecord {
    static let recordName = "running"

    let process: ProcessName
    /// When it was started.
    let start: Timestamp

    init(process: ProcessName, start: Timestamp) {
        self.process = process
        self.start = start
    }

    init?(fields: [String]) {
        guard fields.count == 3, let seconds = Int(fields[2]) else { return nil }
        process = ProcessName(group: fields[0], name: fields[1])
        start = Timestamp(seconds: seconds)
    }

    var fields: [String] { [process.group, process.name, "\(start.seconds)"] }
}

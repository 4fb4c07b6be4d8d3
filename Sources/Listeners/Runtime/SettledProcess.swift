internal import EventLoop
internal import ListenerProtocol
internal import System

/// A process with an active alert that has settled by now, as a worker reports it.
struct SettledProcess: WorkerRecord {
    static let recordName = "settled"

    let process: ProcessName
    let state: SettledState
    /// When it was started.
    let start: Timestamp

    init(process: ProcessName, state: SettledState, start: Timestamp) {
        self.process = process
        self.state = state
        self.start = start
    }

    init?(fields: [String]) {
        guard fields.count == 4, let state = SettledState(rawValue: fields[2]),
            let seconds = Int(fields[3])
        else { return nil }
        process = ProcessName(group: fields[0], name: fields[1])
        self.state = state
        start = Timestamp(seconds: seconds)
    }

    var fields: [String] { [process.group, process.name, state.rawValue, "\(start.seconds)"] }
}

internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC

/// A process and its state at startup.
struct FoundProcess: WorkerRecord {
    static let recordName = "found"

    let process: ProcessName
    let state: ProcessState

    init(_ info: ProcessInfo) {
        process = info.processName
        state = info.state
    }

    init?(fields: [String]) {
        guard fields.count == 3, let state = Int(fields[2]).flatMap(ProcessState.init) else {
            return nil
        }
        process = ProcessName(group: fields[0], name: fields[1])
        self.state = state
    }

    var fields: [String] { [process.group, process.name, "\(state.rawValue)"] }
}

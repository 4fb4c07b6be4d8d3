internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC

/// A process and its state at startup.
struct FoundProcess: WorkerRecord {
    static let recordName = "found"

    let process: ProcessName
    let state: ProcessState
    /// Whether an EXITED process ended with one of its `exitcodes=`; nil if they are not known.
    let isExpected: Bool?

    init(process: ProcessName, state: ProcessState, isExpected: Bool? = nil) {
        self.process = process
        self.state = state
        self.isExpected = isExpected
    }

    /// Evaluates the information about a process.
    ///
    /// - Parameters:
    ///   - info: The information.
    ///   - exitCodes: The `exitcodes=` of the process; nil if they are not known.
    init(_ info: SupervisedProcess, exitCodes: [Int]?) {
        self.init(
            process: info.processName, state: info.state,
            isExpected: exitCodes?.contains(info.exitStatus))
    }

    init?(fields: [String]) {
        guard fields.count == 4, let state = Int(fields[2]).flatMap(ProcessState.init) else {
            return nil
        }
        self.init(
            process: ProcessName(group: fields[0], name: fields[1]), state: state,
            isExpected: fields[3].isEmpty ? nil : fields[3] == "1")
    }

    var fields: [String] {
        [
            process.group, process.name, "\(state.rawValue)",
            isExpected.map { $0 ? "1" : "0" } ?? "",
        ]
    }
}

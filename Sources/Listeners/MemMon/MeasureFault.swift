// A process that cannot be measured as the command line asks for it.

internal import EventLoop
internal import ListenerProtocol
internal import System

/// A process that cannot be measured as the command line asks for it, so that its resident set
/// counts.
struct MeasureFault: WorkerRecord {
    static let recordName = "measure-fault"

    let process: ProcessName
    /// The C library's `errno`.
    let code: Int32

    /// What to log.
    func text(_ measure: MemoryMeasure) -> String {
        "cannot measure the \(measure.label) of \(process), using its RSS: "
            + SystemError.words(for: code)
    }

    init(process: ProcessName, code: Int32) {
        self.process = process
        self.code = code
    }

    var fields: [String] { [process.group, process.name, "\(code)"] }

    init?(fields: [String]) {
        guard fields.count == 3, let code = Int32(fields[2]) else { return nil }
        self.init(process: ProcessName(group: fields[0], name: fields[1]), code: code)
    }
}

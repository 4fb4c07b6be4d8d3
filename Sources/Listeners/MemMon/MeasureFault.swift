internal import EventLoop
internal import ListenerProtocol
internal import System

/// A process for which the measure of the command line cannot be read, so that its resident set is
/// used.
struct MeasureFault: WorkerRecord {
    static let recordName = "measure-fault"

    let process: ProcessName
    /// The C library's `errno`.
    let code: Int32

    /// The log line.
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

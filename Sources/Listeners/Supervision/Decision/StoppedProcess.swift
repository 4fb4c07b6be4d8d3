internal import ListenerProtocol

/// A process that `--action stop` has stopped, for the next run of the listener.
struct StoppedProcess: Hashable, Sendable {
    let process: ProcessName
    /// The start time of the stopped instance; nil if it is not known.
    let start: Int?
    /// Whether an alert was sent about the stop, which may still be in progress.
    let isReported: Bool

    /// The record for the spool.
    var record: [String] {
        [isReported ? "stopped" : "stopping", process.group, process.name]
            + (start.map { ["\($0)"] } ?? [])
    }

    init(process: ProcessName, start: Int?, isReported: Bool) {
        self.process = process
        self.start = start
        self.isReported = isReported
    }

    /// Parses a record.
    init?(record: [String]) {
        guard (3...4).contains(record.count), ["stopped", "stopping"].contains(record[0]) else {
            return nil
        }
        self.init(
            process: ProcessName(group: record[1], name: record[2]),
            start: record.count == 4 ? Int(record[3]) : nil, isReported: record[0] == "stopped")
    }
}

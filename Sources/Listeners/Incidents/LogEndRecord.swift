internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC

/// Reports where the logs of a process end that is down and about to be started: there the lines of
/// the next process begin.
struct LogEndRecord: WorkerRecord {
    static let recordName = "log_end"

    let process: ProcessName
    let mark: LogBegin.Mark

    /// Determines the ends.
    ///
    /// - Parameter info: The process.
    init(_ info: ProcessInfo) {
        process = info.processName
        mark = .present(of: LogStream.paths(of: info))
    }

    init?(fields: [String]) {
        guard fields.count >= 3, fields.count % 4 == 3, let time = Int(fields[2]) else {
            return nil
        }
        process = ProcessName(group: fields[0], name: fields[1])
        let positions = stride(from: 3, to: fields.count, by: 4).compactMap { place in
            LogPosition(fields: fields[(place + 1)..<(place + 4)]).map { (fields[place], $0) }
        }
        mark = LogBegin.Mark(time: time, positions: Dictionary(positions) { $1 })
    }

    var fields: [String] {
        [process.group, process.name, "\(mark.time)"]
            + mark.positions.sorted { $0.key < $1.key }.flatMap { [$0.key] + $0.value.fields }
    }
}

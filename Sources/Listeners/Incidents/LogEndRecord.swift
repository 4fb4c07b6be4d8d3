internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// Reports where the logs of a process end that is down and about to be started: there the lines of
/// the next process begin.
struct LogEndRecord: WorkerRecord {
    static let recordName = "log_end"

    let process: ProcessName
    let mark: LogBegin.Mark

    /// Determines the ends.
    ///
    /// - Parameter info: The process.
    init(_ info: SupervisedProcess) {
        process = info.processName
        mark = .present(of: LogStream.paths(of: info))
    }

    init?(fields: [String]) {
        let size = 1 + LogPosition.fieldCount
        guard fields.count >= 4, fields.count % size == 4,
            let time = Timestamp(fields: fields[2...3])
        else { return nil }
        process = ProcessName(group: fields[0], name: fields[1])
        let positions = stride(from: 4, to: fields.count, by: size).compactMap { place in
            LogPosition(fields: fields[(place + 1)..<(place + size)]).map { (fields[place], $0) }
        }
        mark = LogBegin.Mark(time: time, positions: Dictionary(positions) { $1 })
    }

    var fields: [String] {
        [process.group, process.name] + mark.time.fields
            + mark.positions.sorted { $0.key < $1.key }.flatMap { [$0.key] + $0.value.fields }
    }
}

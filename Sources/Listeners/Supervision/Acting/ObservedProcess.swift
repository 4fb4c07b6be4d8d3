internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// The state of a process as observed by a worker.
struct ObservedProcess: WorkerRecord, Hashable {
    static let recordName = "process"

    let process: ProcessName
    let state: ProcessState
    /// The process identifier; 0 if it is not running.
    let pid: Int
    /// The start time, in seconds since 1970 on supervisord's clock.
    let start: Int
    /// The uptime in seconds.
    let uptime: Int

    var instance: ProcessInstance { ProcessInstance(process: process, start: start) }

    var fields: [String] {
        [
            process.group, process.name, "\(state.rawValue)", "\(pid)", "\(start)", "\(uptime)",
        ]
    }

    init(_ info: SupervisedProcess) {
        process = info.processName
        state = info.state
        pid = info.pid
        start = info.start
        uptime = Observation.uptime(start: info.start, now: info.now)
    }

    init?(fields: [String]) {
        let numbers = fields.dropFirst(2).compactMap { Int($0) }
        guard fields.count == 6, numbers.count == 4, let state = ProcessState(rawValue: numbers[0])
        else { return nil }
        process = ProcessName(group: fields[0], name: fields[1])
        self.state = state
        pid = numbers[1]
        start = numbers[2]
        uptime = numbers[3]
    }

    /// Combines the process with the result of a check.
    func observation(_ check: String, _ health: HealthStatus, begin: Instant) -> Observation {
        Observation(
            instance: instance, begin: begin, state: state, pid: pid, uptime: uptime, check: check,
            health: health)
    }
}

extension ObservedProcess {
    /// Reports that all processes were written: a worker that is killed before says nothing about
    /// the others.
    struct End: WorkerRecord {
        static let recordName = "process-end"

        var fields: [String] { [] }

        init() {}

        init?(fields: [String]) {}
    }

    /// Writes a record for each process.
    ///
    /// - Parameter infos: All processes in question.
    static func write(_ infos: some Sequence<SupervisedProcess>) {
        for info in infos { Self(info).write() }
        End().write()
    }
}

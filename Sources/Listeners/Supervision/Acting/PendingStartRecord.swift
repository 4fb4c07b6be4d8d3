internal import EventLoop
internal import ListenerProtocol

/// A worker's report about a stop, and the start that is pending from then on.
struct PendingStartRecord: WorkerRecord, Hashable {
    static let recordName = "pending-start"

    /// The kinds of reports.
    enum Event: Hashable {
        /// The process is about to be stopped; the start time until then.
        case stopping(start: Int)
        /// The process is about to be stopped, and is not started again; the start time until then.
        case stoppingForGood(start: Int)
        /// A start is about to be requested.
        case starting
        /// The process has been started, or is no longer ours to start.
        case settled
        /// The process is still down.
        case seen(ProcessState, start: Int)
    }

    let process: ProcessName
    let event: Event

    var fields: [String] {
        let rest =
            switch event {
            case .stopping(let start): ["owed", "\(start)"]
            case .stoppingForGood(let start): ["stopping-for-good", "\(start)"]
            case .starting: ["starting"]
            case .settled: ["settled"]
            case .seen(let state, let start): ["seen", "\(state.rawValue)", "\(start)"]
            }
        return [process.group, process.name] + rest
    }

    init(process: ProcessName, event: Event) {
        self.process = process
        self.event = event
    }

    init?(fields: [String]) {
        guard fields.count > 2 else { return nil }
        process = ProcessName(group: fields[0], name: fields[1])
        let numbers = fields.dropFirst(3).compactMap { Int($0) }
        switch (fields[2], fields.count, numbers.count) {
        case ("owed", 4, 1): event = .stopping(start: numbers[0])
        case ("stopping-for-good", 4, 1): event = .stoppingForGood(start: numbers[0])
        case ("starting", 3, 0): event = .starting
        case ("settled", 3, 0): event = .settled
        case ("seen", 5, 2):
            guard let state = ProcessState(rawValue: numbers[0]) else { return nil }
            event = .seen(state, start: numbers[1])
        default: return nil
        }
    }
}

internal import EventLoop
internal import ListenerProtocol

/// Reports the outcome of a restart from a worker.
struct RestartOutcomeRecord: WorkerRecord {
    static let recordName = "outcome"

    let process: ProcessName
    let outcome: RestartOutcome

    var fields: [String] {
        let (word, text) =
            switch outcome {
            case .restarted: ("restarted", "")
            case .stopped: ("stopped", "")
            case .alreadyStarted(let text, true): ("already-started", text)
            case .alreadyStarted(let text, false): ("never-stopped", text)
            case .stopFailed(let text, _): ("stop-failed", text)
            case .startFailed(let text): ("start-failed", text)
            case .outdated(let text): ("outdated", text)
            case .prevented(let text): ("prevented", text)
            case .shutdown: ("shutdown", "")
            case .recovered: ("recovered", "")
            case .postponed: ("postponed", "")
            case .dryRun: ("dry-run", "")
            }
        var state = ""
        if case .stopFailed(_, let current?) = outcome { state = "\(current.rawValue)" }
        return [process.group, process.name, word, text, state]
    }

    init(process: ProcessName, outcome: RestartOutcome) {
        self.process = process
        self.outcome = outcome
    }

    init?(fields: [String]) {
        guard fields.count == 5 else { return nil }
        process = ProcessName(group: fields[0], name: fields[1])
        let text = fields[3]
        switch fields[2] {
        case "restarted": outcome = .restarted
        case "stopped": outcome = .stopped
        case "already-started": outcome = .alreadyStarted(text, wasStopped: true)
        case "never-stopped": outcome = .alreadyStarted(text, wasStopped: false)
        case "stop-failed":
            outcome = .stopFailed(text, in: Int(fields[4]).flatMap(ProcessState.init(rawValue:)))
        case "start-failed": outcome = .startFailed(text)
        case "outdated": outcome = .outdated(text)
        case "prevented": outcome = .prevented(text)
        case "shutdown": outcome = .shutdown
        case "recovered": outcome = .recovered
        case "postponed": outcome = .postponed
        case "dry-run": outcome = .dryRun
        default: return nil
        }
    }
}

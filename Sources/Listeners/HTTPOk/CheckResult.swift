// What a check of a site has found out, as a worker tells it.

internal import EventLoop
internal import ListenerProtocol

/// What a check of a site has found out, as a worker tells it.
struct CheckResult: WorkerRecord, Hashable {
    static let recordName = "check"

    /// Which check it was: the URL without its login.
    let check: String
    let verdict: CheckVerdict
    /// What superlance's subject says of it, such as `bad status returned`.
    let subject: String

    /// The processes that it stands for; none if nobody has looked.
    var processes: [ProcessName] { [] }
    /// Whether it asks one process only.
    var isPerProcess: Bool { false }

    /// What is logged and mailed, such as `status contacting ...`.
    var message: String {
        switch verdict {
        case .healthy: ""
        case .unhealthy(let text), .unknown(let text): text
        }
    }

    var fields: [String] {
        let word =
            switch verdict {
            case .healthy: "healthy"
            case .unhealthy: "unhealthy"
            case .unknown: "unknown"
            }
        return [check, subject, word, message]
    }

    init(check: String, verdict: CheckVerdict, subject: String) {
        self.check = check
        self.verdict = verdict
        self.subject = subject
    }

    init?(fields: [String]) {
        guard fields.count == 4 else { return nil }
        check = fields[0]
        subject = fields[1]
        switch fields[2] {
        case "healthy": verdict = .healthy
        case "unhealthy": verdict = .unhealthy(fields[3])
        case "unknown": verdict = .unknown(fields[3])
        default: return nil
        }
    }
}

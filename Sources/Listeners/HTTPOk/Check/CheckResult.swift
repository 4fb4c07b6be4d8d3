internal import EventLoop
internal import ListenerProtocol
internal import Text

/// The result of one check.
struct CheckResult: Hashable {
    /// Identifies the check from round to round: the operand without credentials, with `{...}`
    /// replaced.
    let identity: String

    /// The target, without credentials.
    let target: String

    /// The health.
    var health: HealthStatus

    /// The processes that it is for, if they were looked up.
    let processes: [ProcessName]

    /// Whether each process has its own check.
    let isPerProcess: Bool

    /// What follows the target in the subject of a mail.
    var subject = HTTPOkMessages.badStatus

    /// The first line of the log and the mail, in superlance's words where it has them.
    var message = ""

    /// The expected and the actual response, as lines for the alert.
    var evidence = ""

    /// The cause of a failure in a few words, for the headline.
    var cause = ""

    /// The status of the response; 0 for none.
    var status = 0

    /// The duration in milliseconds.
    var milliseconds = 0

    /// Further findings to report.
    var notices: [CheckNotice] = []

    /// Whether all its processes are silenced, so that its notices are not reported yet.
    var isSilenced = false

    /// The label of alerts: the target without the query, which may contain a token.
    var label: String { Self.label(of: target) }

    /// The label of the alerts about a target without credentials.
    static func label(of target: String) -> String {
        guard target.beginsExactly(with: "http") else { return target }
        // Bytes: what comes behind the mark must not hide it.
        return String(Substring(target.utf8.prefix { !"?#".utf8.contains($0) }))
    }
}

extension CheckResult: WorkerRecord {
    /// The name of the record.
    static let recordName = "check"

    /// The result as fields of a record.
    var fields: [String] {
        let (word, reason) =
            switch health {
            case .healthy: ("healthy", "")
            case .unhealthy(let reason): ("unhealthy", reason)
            case .unknown(let reason): ("unknown", reason)
            }
        return [
            identity, target, word, reason, isPerProcess ? "1" : "0", subject, message, evidence,
            cause, "\(status)", "\(milliseconds)", isSilenced ? "1" : "0", "\(processes.count)",
        ] + processes.flatMap { [$0.group, $0.name] } + notices.flatMap(\.fields)
    }

    /// Parses the fields of a record.
    init?(fields: [String]) {
        let numbers = fields.dropFirst(9).prefix(4).compactMap { Int($0) }
        guard fields.count >= 13, numbers.count == 4, numbers[3] >= 0,
            numbers[3] <= (fields.count - 13) / 2
        else { return nil }
        switch fields[2] {
        case "healthy": health = .healthy
        case "unhealthy": health = .unhealthy(fields[3])
        case "unknown": health = .unknown(fields[3])
        default: return nil
        }
        let names = fields[13..<(13 + numbers[3] * 2)]
        processes = stride(from: names.startIndex, to: names.endIndex, by: 2).map {
            ProcessName(group: names[$0], name: names[$0 + 1])
        }
        let rest = fields[names.endIndex...]
        notices = stride(from: rest.startIndex, to: rest.endIndex, by: 3).compactMap {
            CheckNotice(rest[$0..<min($0 + 3, rest.endIndex)])
        }
        identity = fields[0]
        target = fields[1]
        isPerProcess = fields[4] == "1"
        subject = fields[5]
        message = fields[6]
        evidence = fields[7]
        cause = fields[8]
        status = numbers[0]
        milliseconds = numbers[1]
        isSilenced = numbers[2] == 1
    }
}

// A plain reading of payloads, to compare the true one with.

internal import ListenerProtocol

/// An event's payload, read as the manual describes its kind.
struct PlainPayload {
    enum Kind: Equatable {
        case processState, processLog, communication, remote, supervisor, tick, group, unknown
    }

    let kind: Kind
    let tokens: PlainTokens
    let data: [UInt8]
    private let name: String

    init(_ event: Event) {
        name = event.name.rawValue
        let line = event.payload.prefix { $0 != UInt8(ascii: "\n") }
        tokens = PlainTokens(Array(line))
        data = Array(event.payload.dropFirst(line.count + 1))
        let kinds: [(String, Kind)] = [
            ("PROCESS_STATE", .processState), ("PROCESS_LOG", .processLog),
            ("PROCESS_COMMUNICATION", .communication), ("REMOTE_COMMUNICATION", .remote),
            ("TICK", .tick),
            ("SUPERVISOR_STATE_CHANGE_RUNNING", .supervisor),
            ("SUPERVISOR_STATE_CHANGE_STOPPING", .supervisor),
            ("PROCESS_GROUP_ADDED", .group), ("PROCESS_GROUP_REMOVED", .group),
        ]
        let bytes = Array(name.utf8)
        let match = kinds.first { kind, _ in
            bytes == Array(kind.utf8) || bytes.starts(with: "\(kind)_".utf8)
        }
        kind = match?.1 ?? .unknown
    }

    /// Whether something is absent that the event's name promises.
    var isBroken: Bool {
        switch kind {
        case .processState:
            let isExit = Array(name.utf8) == Array("PROCESS_STATE_EXITED".utf8)
            return (tokens["processname"] ?? "").isEmpty
                || isExit && tokens.number("expected") == nil
        case .processLog, .communication: return (tokens["processname"] ?? "").isEmpty
        case .remote: return tokens["type"] == nil
        case .tick: return period == nil
        case .group: return tokens["groupname"] == nil
        case .supervisor, .unknown: return false
        }
    }

    /// The number in `TICK_60`.
    var period: Int? {
        let digits = name.utf8.dropFirst("TICK_".utf8.count)
        let isNumber = digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard isNumber, let period = Int(String(Substring(digits))), period > 0 else { return nil }
        return period
    }

    /// The stream that output came from.
    var channel: String {
        switch tokens["channel"] {
        case "stdout": "stdout"
        case "stderr": "stderr"
        default: Array(name.utf8).suffix(6).elementsEqual("STDERR".utf8) ? "stderr" : "stdout"
        }
    }
}

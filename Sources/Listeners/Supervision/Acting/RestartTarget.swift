internal import ListenerProtocol
internal import SupervisorRPC

/// The process to restart, as it was at the time of the decision.
///
/// It is never the listener itself: see `HoldReason.ownListener`.
struct RestartTarget: Hashable, Sendable {
    let process: ProcessName
    let act: RestartStep
    /// The start time, in seconds since 1970.
    private(set) var start: Int
    /// The process identifier; 0 if it is not running.
    private(set) var pid: Int
    /// Why it is to be restarted.
    var reason: String
    /// The measured value and the limit.
    var value: String?
    var limit: String?

    /// Why the restart no longer applies.
    ///
    /// - Parameter info: The current state.
    /// - Returns: The reason; nil if nothing has changed.
    func change(_ info: SupervisedProcess) -> String? {
        if act == .start {
            guard [.fatal, .exited].contains(info.state) else { return "it is \(info.state.name)" }
            return info.start == start ? nil : "it was started meanwhile"
        }
        guard info.state == .running else { return "it is \(info.state.name)" }
        return isSame(info) ? nil : "it was restarted meanwhile"
    }

    /// Whether the process is still the same instance.
    func isSame(_ info: SupervisedProcess) -> Bool {
        info.start == start && (info.pid == pid || info.pid == 0 || pid == 0)
    }

    /// The same process after another start.
    func renewed(_ info: SupervisedProcess) -> RestartTarget {
        var target = self
        (target.start, target.pid) = (info.start, info.pid)
        return target
    }

    /// The environment variables for the operator's commands.
    func variables(_ outcome: RestartOutcome? = nil) -> [String: String] {
        [
            "SUPERLANCE_PROCESS": process.name, "SUPERLANCE_GROUP": process.group,
            "SUPERLANCE_PID": "\(pid)", "SUPERLANCE_REASON": reason,
            "SUPERLANCE_VALUE": value ?? "", "SUPERLANCE_LIMIT": limit ?? "",
            "SUPERLANCE_OUTCOME": outcome?.word ?? "",
        ]
    }
}

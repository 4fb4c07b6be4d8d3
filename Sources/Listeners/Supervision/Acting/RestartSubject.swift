// The process that is to be restarted, as it was when that was decided.

internal import ListenerProtocol
internal import SupervisorRPC

/// The process that is to be restarted, as it was when that was decided.
struct RestartSubject: Hashable, Sendable {
    let process: ProcessName
    let act: RestartAct
    /// Its start, in seconds since 1970.
    let start: Int
    /// Its identifier; 0 when it does not run.
    let pid: Int
    /// Why it is to be restarted.
    let reason: String
    /// What was measured, and what is allowed.
    var value: String?
    var limit: String?

    /// Why nothing is to be done about it any more.
    ///
    /// - Parameter info: How it is now.
    /// - Returns: The reason; nothing if all is as it was.
    func change(_ info: ProcessInfo) -> String? {
        if act == .start {
            guard [.fatal, .exited].contains(info.state) else { return "it is \(info.state.name)" }
            return info.start == start ? nil : "it was started meanwhile"
        }
        guard info.state == .running else { return "it is \(info.state.name)" }
        return isSame(info) ? nil : "it was restarted meanwhile"
    }

    /// Whether this is still the same run of the process.
    func isSame(_ info: ProcessInfo) -> Bool {
        info.start == start && (info.pid == pid || info.pid == 0 || pid == 0)
    }

    /// The variables by which commands of the operator know what happens.
    func variables(_ outcome: RestartOutcome? = nil) -> [String: String] {
        [
            "SUPERLANCE_PROCESS": process.name, "SUPERLANCE_GROUP": process.group,
            "SUPERLANCE_PID": "\(pid)", "SUPERLANCE_REASON": reason,
            "SUPERLANCE_VALUE": value ?? "", "SUPERLANCE_LIMIT": limit ?? "",
            "SUPERLANCE_OUTCOME": outcome?.word ?? "",
        ]
    }
}

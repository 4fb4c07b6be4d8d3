// Gets supervisord's log by RPC.

internal import SupervisorRPC

extension SupervisordLog {
    /// How much of the log is looked at, in bytes.
    fileprivate static let reach = 131_072

    /// The end of supervisord's log.
    ///
    /// - Parameter client: The supervisord.
    /// - Returns: The end; nothing if there is no log, or none that can be read.
    static func end(by client: SupervisorClient) -> SupervisordLog? {
        (try? client.tailOfLog(bytes: reach)).map { SupervisordLog($0) }
    }
}

extension GoHostLog {
    /// The end of the Go host's log.
    ///
    /// - Parameter client: The Go host.
    /// - Returns: The end; nothing if there is no log, or none that can be read.
    static func end(by client: SupervisorClient) -> GoHostLog? {
        (try? client.tailOfLog(bytes: SupervisordLog.reach)).map { GoHostLog($0) }
    }
}

// Reads supervisord's log by RPC.

internal import SupervisorRPC

extension SupervisordLog {
    /// The maximum number of bytes to read.
    fileprivate static let reach = 131_072

    /// Reads the end of supervisord's log.
    ///
    /// - Parameter client: The connection to supervisord.
    /// - Returns: The end of the log; nil if it does not exist or cannot be read.
    static func end(by client: SupervisorClient) -> SupervisordLog? {
        (try? client.tailOfLog(bytes: reach)).map { SupervisordLog($0) }
    }
}

extension GoHostLog {
    /// Reads the end of the Go implementation's log.
    ///
    /// - Parameter client: The connection to supervisord.
    /// - Returns: The end of the log; nil if it does not exist or cannot be read.
    static func end(by client: SupervisorClient) -> GoHostLog? {
        (try? client.tailOfLog(bytes: SupervisordLog.reach)).map { GoHostLog($0) }
    }
}

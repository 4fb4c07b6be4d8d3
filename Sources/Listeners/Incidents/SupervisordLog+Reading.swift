// Reads supervisord's log by RPC.

internal import SupervisorRPC

extension SupervisordLog {
    /// The maximum number of bytes to read.
    private static let reach = 131_072

    /// Reads the end of supervisord's log.
    ///
    /// - Parameter client: The connection to supervisord.
    /// - Returns: The end of the log; nil if it does not exist or cannot be read.
    static func end(by client: SupervisorClient) -> SupervisordLog? {
        text(by: client).map { SupervisordLog($0) }
    }

    /// Reads the end of supervisord's log, whichever implementation has written it.
    ///
    /// - Parameter client: The connection to supervisord.
    /// - Returns: The text; nil if it does not exist or cannot be read.
    static func text(by client: SupervisorClient) -> String? {
        try? client.readLog(last: reach)
    }
}

extension GoHostLog {
    /// Reads the end of the Go implementation's log.
    ///
    /// - Parameter client: The connection to supervisord.
    /// - Returns: The end of the log; nil if it does not exist or cannot be read.
    static func end(by client: SupervisorClient) -> GoHostLog? {
        SupervisordLog.text(by: client).map { GoHostLog($0) }
    }
}

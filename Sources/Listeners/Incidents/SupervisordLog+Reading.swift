// Gets supervisord's log by RPC.

internal import SupervisorRPC

extension SupervisordLog {
    /// How much of the log is looked at, in bytes.
    private static let reach = 131_072

    /// The end of supervisord's log.
    ///
    /// Supervisord fails where that begins within a character, which has four bytes at most.
    ///
    /// - Parameter client: The supervisord.
    /// - Returns: The end; nothing if there is no log, or none that can be read.
    static func end(by client: SupervisorClient) -> SupervisordLog? {
        for reach in reach..<reach + 4 {
            do throws(RPCError) {
                let text = try client.call("supervisor.readLog", [.int(-reach), .int(0)]).string
                return text.map { SupervisordLog($0) }
            } catch {
                guard case .garbage = error else { return nil }
            }
        }
        return nil
    }
}

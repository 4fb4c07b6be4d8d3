/// The state of supervisord itself (Supervisor manual, chapter XML-RPC API, `getState`).
public struct SupervisorState: Sendable, Hashable {
    /// 1 running, 0 restarting, -1 shutting down, 2 fatal.
    public let code: Int

    /// The state's name, such as `RUNNING`.
    public let name: String

    /// Creates a state.
    ///
    /// - Parameters:
    ///   - code: The state's number.
    ///   - name: The state's name.
    public init(code: Int, name: String) {
        self.code = code
        self.name = name
    }
}

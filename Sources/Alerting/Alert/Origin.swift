// Who tells alerts.

public import System

/// Who tells alerts: a tool, as a listener, on a host.
public struct Origin: Hashable, Sendable {
    /// The name of the tool.
    public let tool: String

    /// The name of the listener, which supervisord knows it by.
    public let listener: String

    /// The host.
    public let host: String

    /// Names who tells.
    ///
    /// - Parameters:
    ///   - tool: The name of the tool.
    ///   - listener: The name of the listener; the tool's if it has none.
    ///   - host: The host.
    public init(tool: String, listener: String? = nil, host: String = HostName.current) {
        self.tool = tool
        self.listener = listener ?? tool
        self.host = host
    }
}

// Who tells alerts.

public import System

/// Who tells alerts: a tool, as a listener, on a host.
public struct Origin: Hashable, Sendable {
    /// The name of the tool.
    public let tool: String

    /// The name of the listener, which supervisord knows it by; the tool's if it has none.
    public let listener: String

    /// Whether the environment names the listener.
    ///
    /// Where it does not, the name is that of its pool, which the header of each event has.
    public let isNamed: Bool

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
        isNamed = listener != nil
        self.host = host
    }

    /// The same tool as the listener of a pool.
    ///
    /// - Parameter pool: The name of the pool.
    /// - Returns: The origin.
    public func named(_ pool: String) -> Origin {
        Origin(tool: tool, listener: pool, host: host)
    }

    /// The name of the listener that has seen an incident.
    func listener(of incident: Incident) -> String {
        isNamed ? listener : incident.header["pool"] ?? listener
    }
}

public import System

/// The sender of alerts: a tool, as a listener, on a host.
public struct Origin: Hashable, Sendable {
    /// The name of the tool.
    public let tool: String

    /// supervisord's name of the listener; the tool's name if unknown.
    public let listener: String

    /// Whether the listener's name is from the environment.
    ///
    /// Otherwise the name is that of its pool, from the header of each event.
    public let isNamed: Bool

    /// The host.
    public let host: String

    /// Creates an origin.
    ///
    /// - Parameters:
    ///   - tool: The name of the tool.
    ///   - listener: The name of the listener; the tool's if nil.
    ///   - host: The host.
    public init(tool: String, listener: String? = nil, host: String = HostName.current) {
        self.tool = tool
        self.listener = listener ?? tool
        isNamed = listener != nil
        self.host = host
    }

    /// Returns the same tool as the listener of a pool.
    ///
    /// - Parameter pool: The name of the pool.
    /// - Returns: The origin.
    public func named(_ pool: String) -> Origin {
        Origin(tool: tool, listener: pool, host: host)
    }

    /// The name of the listener that observed an incident.
    func listener(of incident: Incident) -> String {
        isNamed ? listener : incident.header["pool"] ?? listener
    }
}

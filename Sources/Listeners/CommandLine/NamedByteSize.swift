/// The memory limit of one process or group.
public struct NamedByteSize: Sendable, Hashable {
    /// The name of a process or group, or `group:name`.
    public let name: String

    /// The limit.
    public let size: ByteSize

    /// Creates a limit.
    ///
    /// - Parameters:
    ///   - name: The name of a process or group, or `group:name`.
    ///   - size: The limit.
    public init(name: String, size: ByteSize) {
        self.name = name
        self.size = size
    }
}

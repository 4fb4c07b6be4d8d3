// The amount of memory one process or group may use.

/// The amount of memory one process or group may use.
public struct NamedByteSize: Sendable, Hashable {
    /// The name of a process or group, or `group:name`.
    public let name: String

    /// The amount.
    public let size: ByteSize

    /// An amount for a name.
    ///
    /// - Parameters:
    ///   - name: The name of a process or group, or `group:name`.
    ///   - size: The amount.
    public init(name: String, size: ByteSize) {
        self.name = name
        self.size = size
    }
}

// The amount of memory that processes of a name may use.

/// The amount of memory that one process or group may use.
public struct NamedMemorySize: Sendable, Hashable {
    /// The name of a process or group, or `group:name`; a pattern with `*`, `?` and `[...]`.
    public let name: String

    /// The amount.
    public let size: MemorySize
}

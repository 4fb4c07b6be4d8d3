// The name of a process with that of its group.

/// A process as supervisord names it: by its group and its own name.
public struct ProcessName: Sendable, Hashable {
    /// The name of the group, which is the process's own for a program without one.
    public let group: String

    /// The name of the process.
    public let name: String

    /// Names a process.
    ///
    /// - Parameters:
    ///   - group: The name of the group.
    ///   - name: The name of the process.
    public init(group: String, name: String) {
        self.group = group
        self.name = name
    }

    /// The long form, `group:name` even when both are equal; supervisord's calls take it.
    public var full: String { "\(group):\(name)" }
}

extension ProcessName: CustomStringConvertible {
    /// The short form: `group:name`, or the name alone when both are equal.
    public var description: String { group == name ? name : full }
}

// The name of a process with that of its group.

internal import Text

/// A process as supervisord names it: by its group and its own name.
///
/// Names are bytes to supervisord: two that only look the same are two processes.
public struct ProcessName: Sendable, Hashable {
    /// The name of the group, which is the process's own for a program without one; empty when it
    /// is not known, as in events of the Go host.
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

    /// Whether the name of the group is known.
    public var hasGroup: Bool { !group.isEmpty }

    /// The long form, `group:name` even when both are equal, or the name alone when the group is
    /// not known; supervisord's calls take it.
    public var full: String { hasGroup ? "\(group):\(name)" : name }

    /// Whether this may be the same process as another one: where a group is not known, names are
    /// unique.
    ///
    /// - Parameter other: The other one.
    /// - Returns: Whether the names are equal, and the groups as far as they are known.
    public func matches(_ other: ProcessName) -> Bool {
        name.isExactly(other.name)
            && (group.isExactly(other.group) || !hasGroup || !other.hasGroup)
    }
}

extension ProcessName: CustomStringConvertible {
    /// The short form: `group:name`, or the name alone when both are equal.
    public var description: String { group.isExactly(name) ? name : full }
}

extension ProcessName {
    /// Whether two names are the same bytes.
    public static func == (left: ProcessName, right: ProcessName) -> Bool {
        left.name.isExactly(right.name) && left.group.isExactly(right.group)
    }

    /// Adds the names' bytes.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(exactly: group)
        hasher.combine(exactly: name)
    }
}

internal import Text

/// A process name with its group name.
///
/// Names are compared byte by byte, as supervisord does: canonically equivalent names are different
/// processes.
public struct ProcessName: Sendable, Hashable {
    /// The name of the group: the process's own name for a program outside any group; empty when
    /// unknown, as in events of the Go implementation.
    public let group: String

    /// The name of the process.
    public let name: String

    /// Creates a name.
    ///
    /// - Parameters:
    ///   - group: The name of the group.
    ///   - name: The name of the process.
    public init(group: String, name: String) {
        self.group = group
        self.name = name
    }

    /// Whether the group is known.
    public var hasGroup: Bool { !group.isEmpty }

    /// The long form for supervisord's XML-RPC calls: `group:name` even if both are equal, or the
    /// name alone if the group is unknown.
    public var qualifiedName: String { hasGroup ? "\(group):\(name)" : name }

    /// Whether both may name the same process.
    ///
    /// If one group is unknown, the names decide.
    ///
    /// - Parameter other: The other name.
    /// - Returns: Whether the names are equal, and the groups too if both are known.
    public func matches(_ other: ProcessName) -> Bool {
        name.isExactly(other.name)
            && (group.isExactly(other.group) || !hasGroup || !other.hasGroup)
    }
}

extension ProcessName: CustomStringConvertible {
    /// The short form: `group:name`, or the name alone when both are equal.
    public var description: String { group.isExactly(name) ? name : qualifiedName }
}

extension ProcessName {
    /// Whether group and name have the same bytes.
    public static func == (left: ProcessName, right: ProcessName) -> Bool {
        left.name.isExactly(right.name) && left.group.isExactly(right.group)
    }

    /// Hashes the names' bytes.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(exactly: group)
        hasher.combine(exactly: name)
    }
}

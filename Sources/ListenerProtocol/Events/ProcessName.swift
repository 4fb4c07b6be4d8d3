// The name of a process with that of its group.

internal import Text

/// A process as supervisord names it: by its group and its own name.
///
/// Names are bytes to supervisord: two that only look the same are two processes.
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

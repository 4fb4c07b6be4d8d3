// A process's full name, as supervisorctl takes it.

/// The name of a process with that of its group.
///
/// Source: supervisorctl's `namespec`, as in `start group:name`.
public struct Namespec: Hashable, Sendable, CustomStringConvertible {
    /// The group's name.
    public let group: String

    /// The process's name.
    public let name: String

    /// Puts a name together.
    ///
    /// - Parameters:
    ///   - group: The group's name.
    ///   - name: The process's name.
    public init(group: String, name: String) {
        self.group = group
        self.name = name
    }

    /// `group:name`, always.
    public var full: String { "\(group):\(name)" }

    /// `group:name`, or the name alone where both are equal.
    public var description: String { group == name ? name : full }
}

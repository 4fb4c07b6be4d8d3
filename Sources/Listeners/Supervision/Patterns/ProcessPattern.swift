// Which processes a pattern means.

internal import ListenerProtocol

/// A pattern for processes, as `-p`, `-g`, URLs, the silence file and routes have it.
///
/// It matches the name of a process, or `group:name`. A pattern with a colon matches the long form
/// only.
struct ProcessPattern: Hashable, Sendable, CustomStringConvertible {
    /// The pattern as it was written.
    let description: String

    private let glob: Glob

    /// Reads a pattern; every text is one.
    init(_ text: String) {
        description = text
        glob = Glob(text)
    }

    /// Whether nothing in it is special, so that it can mean one name only.
    var isLiteral: Bool { glob.isLiteral }

    /// Whether it means a process.
    func matches(_ process: ProcessName) -> Bool {
        glob.matches(process.name) || glob.matches(process.full)
    }

    /// Whether it means a group, for options that name groups.
    func matches(group: String) -> Bool {
        glob.matches(group)
    }
}

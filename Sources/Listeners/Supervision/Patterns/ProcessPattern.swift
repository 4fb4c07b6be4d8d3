internal import ListenerProtocol

/// A pattern for processes, used by `-p`, `-g`, URLs and the silence file.
///
/// It matches the name of a process, or `group:name`. A pattern with a colon matches only the long
/// form.
struct ProcessPattern: Hashable, Sendable, CustomStringConvertible {
    /// The pattern as written.
    let description: String

    private let glob: Glob

    /// Parses a pattern; every text is valid.
    init(_ text: String) {
        description = text
        glob = Glob(text)
    }

    /// Whether the pattern has no special characters, so that it matches only one name.
    var isLiteral: Bool { glob.isLiteral }

    /// Whether it matches a process.
    func matches(_ process: ProcessName) -> Bool {
        glob.matches(process.name) || glob.matches(process.full)
    }

    /// Whether it matches a group, for options that name groups.
    func matches(group: String) -> Bool {
        glob.matches(group)
    }
}

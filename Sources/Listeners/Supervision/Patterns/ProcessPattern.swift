internal import ListenerProtocol

/// A pattern for processes, used by `-p`, `-g`, URLs and the silence file.
///
/// It matches the name of a process, or `group:name`. A pattern with a colon matches only the long
/// form.
struct ProcessPattern: Hashable, Sendable, CustomStringConvertible {
    /// The pattern as written.
    let description: String

    private let glob: Glob
    /// What follows the group.
    private let nameGlob: Glob?

    /// Parses a pattern; every text is valid.
    init(_ text: String) {
        description = text
        glob = Glob(text)
        let colon = text.utf8.lastIndex(of: UInt8(ascii: ":"))
        nameGlob = colon.map { Glob(String(text[text.utf8.index(after: $0)...])) }
    }

    /// Whether the pattern has no special characters, so that it matches only one name.
    var isLiteral: Bool { glob.isLiteral }

    /// Whether it matches a process.
    ///
    /// - Parameters:
    ///   - process: The process.
    ///   - assumingGroup: Whether a process of unknown group is assumed to be in the pattern's.
    /// - Returns: Whether its name or `group:name` matches.
    func matches(_ process: ProcessName, assumingGroup: Bool = false) -> Bool {
        if glob.matches(process.name) || glob.matches(process.qualifiedName) { return true }
        guard assumingGroup, !process.hasGroup, let nameGlob else { return false }
        return nameGlob.matches(process.name)
    }

    /// Whether it matches a group, for options that name groups.
    func matches(group: String) -> Bool {
        glob.matches(group)
    }
}

internal import Text

/// The end of a log in an alert.
public struct LogExcerpt: Hashable, Sendable {
    /// The path, or a name if it has none.
    public var path: String

    /// The lines, without line ends.
    public var lines: [String]

    /// A remark about the lines, as one clause.
    public var note: String?

    /// Why there are none, as one clause.
    public var refusal: String?

    /// Creates an excerpt.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - lines: The lines, without line ends.
    ///   - note: A remark about the lines, as one clause.
    ///   - refusal: Why there are none, as one clause.
    public init(
        _ path: String, lines: [String] = [], note: String? = nil, refusal: String? = nil
    ) {
        self.path = path
        self.lines = lines
        self.note = note
        self.refusal = refusal
    }

    /// The heading of the lines, or why there are none.
    var heading: String {
        if let refusal { return "\(path) is not shown: \(refusal)".withVisibleControls }
        let count = lines.count == 1 ? "last line" : "last \(lines.count) lines"
        return "\(count) of \(path)\(note.map { " (\($0))" } ?? ""):".withVisibleControls
    }

    /// The paragraph in a mail.
    var text: String {
        guard refusal == nil else { return heading }
        return ([heading] + lines.map { "  \($0)".withVisibleControls }).joined(separator: "\n")
    }
}

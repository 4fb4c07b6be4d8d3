/// A tag of a template (mustache(5), "Tag Types").
struct TemplateTag: Equatable {
    /// The kinds of tags.
    enum Kind: Equatable {
        /// Inserts a value, escaped for a JSON string.
        case value
        /// Inserts a value unescaped.
        case rawValue
        /// Begins a section, which is repeated for each value of a list, or shown if a value
        /// exists.
        case section
        /// Begins an inverted section, which is shown if a value is missing.
        case invertedSection
        /// Ends a section.
        case end
        /// A comment.
        case comment
        /// Sets the delimiters of the following tags.
        case delimiters(open: [UInt8], close: [UInt8])
    }

    let kind: Kind

    /// The name of a value; a full stop separates the parts of a dotted name.
    var name = ""

    /// Whether a line with only this tag is removed.
    var mayBeStandalone: Bool { kind != .value && kind != .rawValue }

    /// Whether it requires an ``Kind/end``.
    var beginsSection: Bool { kind == .section || kind == .invertedSection }
}

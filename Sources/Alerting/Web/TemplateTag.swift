// A tag of a template.

/// A tag of a template (mustache(5), "Tag Types").
struct TemplateTag: Equatable {
    /// What a tag does.
    enum Kind: Equatable {
        /// Gives a value, escaped for a string of JSON.
        case value
        /// Gives a value as it is.
        case rawValue
        /// Begins what is repeated for each value of a list, or shown if a value is there.
        case section
        /// Begins what is shown if a value is missing.
        case invertedSection
        /// Ends either.
        case end
        /// Is for the reader of the template.
        case comment
        /// Gives tags other delimiters from here on.
        case delimiters(open: [UInt8], close: [UInt8])
    }

    let kind: Kind

    /// The name of a value, with a full stop between the parts of a dotted name.
    var name = ""

    /// Whether nothing is left of a line on which it is alone.
    var mayBeStandalone: Bool { kind != .value && kind != .rawValue }

    /// Whether an ``Kind/end`` belongs to it.
    var beginsSection: Bool { kind == .section || kind == .invertedSection }
}

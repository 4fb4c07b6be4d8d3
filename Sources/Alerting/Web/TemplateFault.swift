// Why a template cannot be used.

/// Why a template cannot be used.
struct TemplateFault: Error, Equatable {
    /// The reason, in one clause, with the line of the template where there is one.
    let reason: String

    /// The file is not there, or not readable.
    static let notReadable = TemplateFault(reason: "cannot be read")

    /// Other encodings have no place in JSON (RFC 8259, section 8.1).
    static let notUTF8 = TemplateFault(reason: "is not UTF-8")

    /// The file is no message, whatever else it is.
    static let tooLarge = TemplateFault(
        reason: "is larger than \(TemplateFile.limit) bytes")

    /// Sections in sections, each over all alerts, say, make more than anybody takes.
    static let tooMuchText = TemplateFault(
        reason: "renders to more than \(ParsedTemplate.byteLimit) bytes or "
            + "\(ParsedTemplate.tagLimit) tags")

    /// There is no room for values or text.
    static let outOfMemory = TemplateFault(reason: "out of memory")

    /// What it renders to may hold secrets of its author, and is not shown.
    static let noJSON = TemplateFault(reason: "renders to no JSON")

    /// A tag that means nothing, or that is in the wrong place.
    static func notParsed(_ reason: String, line: Int) -> TemplateFault {
        TemplateFault(reason: "does not parse: \(reason), line \(line)")
    }
}

/// Why a template cannot be used.
struct TemplateFault: Error, Equatable {
    /// The reason, as one clause, with the line in the template if known.
    let reason: String

    /// The file does not exist or is not readable.
    static let notReadable = TemplateFault(reason: "cannot be read")

    /// JSON must be UTF-8 (RFC 8259, section 8.1).
    static let notUTF8 = TemplateFault(reason: "is not UTF-8")

    /// The file is too large for a template.
    static let tooLarge = TemplateFault(
        reason: "is larger than \(TemplateFile.limit) bytes")

    /// Nested sections, for example each over all alerts, render to too much text.
    static let tooMuchText = TemplateFault(
        reason: "renders to more than \(ParsedTemplate.byteLimit) bytes or "
            + "\(ParsedTemplate.tagLimit) tags")

    /// Out of memory.
    static let outOfMemory = TemplateFault(reason: "out of memory")

    /// The result is not JSON; it may contain secrets and is not shown.
    static let noJSON = TemplateFault(reason: "does not render to JSON")

    /// An invalid or misplaced tag.
    static func notParsed(_ reason: String, line: Int) -> TemplateFault {
        TemplateFault(reason: "does not parse: \(reason), line \(line)")
    }
}

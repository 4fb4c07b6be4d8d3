/// A validated template in the form that the library renders.
///
/// The library removes lines with a standalone tag only partially, so they are removed here; the
/// texts between tags are passed as values, which the library does not parse.
struct ParsedTemplate: Equatable {
    /// The tags; a tag named with a backslash and a number represents a text.
    private(set) var tags = ""

    /// The texts.
    private(set) var texts: [String] = []

    /// The maximum size of the result in bytes.
    static let byteLimit = 1_048_576

    /// The maximum number of rendered tags, counting those in a section for each repetition.
    static let tagLimit = 100_000

    /// The name of a text, which no value can have.
    static func name(ofText number: Int) -> String { "\\\(number)" }

    /// Adds the text between tags.
    mutating func add(text: ArraySlice<UInt8>) {
        guard !text.isEmpty else { return }
        tags += "{{&\(Self.name(ofText: texts.count))}}"
        texts.append(String(decoding: text, as: UTF8.self))
    }

    /// Adds a tag.
    mutating func add(_ tag: TemplateTag) {
        switch tag.kind {
        case .value: tags += "{{\(tag.name)}}"
        case .rawValue: tags += "{{&\(tag.name)}}"
        case .section: tags += "{{#\(tag.name)}}"
        case .invertedSection: tags += "{{^\(tag.name)}}"
        case .end: tags += "{{/\(tag.name)}}"
        case .comment, .delimiters: break
        }
    }
}

// A template of which all tags are known.

/// A template of which all tags are known, as the library renders it.
///
/// The library removes lines on which a tag is alone when it renders, and not all of them. So they
/// are removed here, and what is between tags is handed over as values, in which it looks for
/// nothing.
struct ParsedTemplate: Equatable {
    /// The tags; one whose name begins with a backslash and ends with its number is a text.
    private(set) var tags = ""

    /// The texts.
    private(set) var texts: [String] = []

    /// The largest text that is made, in bytes.
    static let byteLimit = 1_048_576

    /// The most tags that are rendered, those in a section as often as it is repeated.
    static let tagLimit = 100_000

    /// The name of a text, which is that of no value.
    static func name(ofText number: Int) -> String { "\\\(number)" }

    /// Adds what is between tags.
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

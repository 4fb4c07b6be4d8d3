// Renders templates with the library.

internal import CMustache
internal import Glibc

extension ParsedTemplate {
    /// Renders the template.
    ///
    /// - Parameter values: The values; null and empty texts count as missing.
    /// - Returns: The text, as UTF-8.
    /// - Throws: ``TemplateFault`` when the result is too large.
    func render(_ values: JSONValue) throws(TemplateFault) -> [UInt8] {
        guard let tree = unsafe cmustache_new() else { throw .outOfMemory }
        defer { unsafe cmustache_free(tree) }
        unsafe Self.fill(tree, values)
        for (number, text) in texts.enumerated() {
            unsafe Self.add(text, as: Self.name(ofText: number), to: tree)
        }
        var tags = tags
        let result = tags.withUTF8 { bytes in
            unsafe bytes.withMemoryRebound(to: CChar.self) { tags in
                unsafe cmustache_render(
                    tree, tags.baseAddress, tags.count, Self.byteLimit, Self.tagLimit)
            }
        }
        defer { unsafe free(result.text) }
        switch unsafe result.status {
        case CMUSTACHE_RENDERED:
            let bytes = unsafe UnsafeRawBufferPointer(start: result.text, count: result.count)
            return unsafe Array(bytes)
        case CMUSTACHE_TOO_LARGE: throw .tooMuchText
        default: throw .outOfMemory
        }
    }

    // MARK: Values

    private static func fill(
        _ tree: OpaquePointer, _ object: JSONValue, at place: TemplatePlace? = nil
    ) {
        guard case .object(let members) = object else { return }
        for member in members where member.value.isKnown {
            unsafe add(member.value, as: member.name, to: tree)
        }
        guard let place else { return }
        unsafe add("\(place.index)", as: TemplatePlace.index, to: tree)
        for flag in TemplatePlace.flags {
            unsafe cmustache_add_flag(tree, flag, place.flag(flag))
        }
    }

    private static func add(_ value: JSONValue, as name: String, to tree: OpaquePointer) {
        switch value {
        case .object:
            unsafe cmustache_begin_object(tree, name)
            unsafe fill(tree, value)
            unsafe cmustache_end(tree)
        case .array(let values):
            unsafe cmustache_begin_list(tree, name)
            unsafe fill(tree, list: values.filter(\.isKnown))
            unsafe cmustache_end(tree)
        case .string(let text): unsafe add(text, as: name, to: tree)
        case .integer(let number): unsafe add("\(number)", as: name, to: tree)
        case .bool(let value): unsafe cmustache_add_flag(tree, name, value)
        case .null: break
        }
    }

    private static func fill(_ tree: OpaquePointer, list values: [JSONValue]) {
        for (index, value) in values.enumerated() {
            guard case .object = value else {
                unsafe add(value, as: "", to: tree)
                continue
            }
            unsafe cmustache_begin_object(tree, "")
            unsafe fill(tree, value, at: TemplatePlace(index: index, count: values.count))
            unsafe cmustache_end(tree)
        }
    }

    private static func add(_ text: String, as name: String, to tree: OpaquePointer) {
        var text = text
        text.withUTF8 { bytes in
            unsafe bytes.withMemoryRebound(to: CChar.self) { text in
                unsafe cmustache_add_text(tree, name, text.baseAddress, text.count)
            }
        }
    }
}

extension JSONValue {
    /// Whether a section for it is shown.
    fileprivate var isKnown: Bool {
        switch self {
        case .null, .string(""): false
        default: true
        }
    }
}

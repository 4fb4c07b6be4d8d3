/// Parses the tags of a template (mustache(5)).
struct TemplateParser {
    private let bytes: [UInt8]
    private var position = 0
    private var open = Array("{{".utf8)
    private var close = Array("}}".utf8)
    private var result = ParsedTemplate()
    private var sections: [(name: String, start: Int)] = []
    /// Whether only white space precedes ``position`` on its line.
    private var isLineStart = true

    /// The nesting limit of sections.
    static let depth = 100

    private init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// Parses a template.
    ///
    /// - Parameter text: The template.
    /// - Returns: The template, ready to render.
    /// - Throws: ``TemplateFault`` with the line of the error.
    static func parse(_ text: String) throws(TemplateFault) -> ParsedTemplate {
        var parser = TemplateParser(text)
        while let start = parser.find(parser.open, from: parser.position) {
            try parser.read(from: start)
        }
        parser.result.add(text: parser.bytes[parser.position...])
        if let section = parser.sections.last {
            throw parser.fault("the section \(section.name) has no end", at: section.start)
        }
        return parser.result
    }

    // MARK: Tags

    private mutating func read(from start: Int) throws(TemplateFault) {
        let (tag, end) = try tag(at: start)
        let text = bytes[position..<start]
        let line = tag.mayBeStandalone ? standaloneLine(of: text, end: end) : nil
        result.add(text: line.map { text.prefix(upTo: $0.start) } ?? text)
        position = line?.end ?? end
        isLineStart = line != nil
        try apply(tag, at: start)
        result.add(tag)
    }

    private func tag(at start: Int) throws(TemplateFault) -> (tag: TemplateTag, end: Int) {
        var contentStart = start + open.count
        var ending = close
        let isRaw = open == Array("{{".utf8) && bytes[contentStart...].first == UInt8(ascii: "{")
        if isRaw {
            contentStart += 1
            ending = Array("}}}".utf8)
        }
        guard let contentEnd = find(ending, from: contentStart) else {
            throw fault("a tag is not closed", at: start)
        }
        let content = String(decoding: bytes[contentStart..<contentEnd], as: UTF8.self)
        do throws(TemplateTag.Fault) {
            let tag = isRaw ? try TemplateTag(raw: content[...]) : try TemplateTag(content[...])
            return (tag, contentEnd + ending.count)
        } catch {
            throw fault(error.reason, at: start)
        }
    }

    private mutating func apply(_ tag: TemplateTag, at start: Int) throws(TemplateFault) {
        switch tag.kind {
        case .section, .invertedSection:
            guard sections.count < Self.depth else {
                throw fault("sections are nested deeper than \(Self.depth)", at: start)
            }
            sections.append((tag.name, start))
        case .end:
            guard sections.popLast()?.name == tag.name else {
                throw fault(
                    "the end of \(tag.name) does not match the innermost section", at: start)
            }
        case .delimiters(let open, let close):
            self.open = open
            self.close = close
        case .value, .rawValue, .comment: break
        }
    }

    // MARK: Lines

    /// Returns the line of a standalone tag.
    ///
    /// - Parameters:
    ///   - text: The text between the previous tag and this one.
    ///   - end: The end of the tag.
    /// - Returns: The start of the line and of the next one; nil if the tag is not standalone.
    private func standaloneLine(of text: ArraySlice<UInt8>, end: Int) -> (start: Int, end: Int)? {
        let lineFeed = text.lastIndex(of: UInt8(ascii: "\n"))
        guard lineFeed != nil || isLineStart else { return nil }
        let start = lineFeed.map { $0 + 1 } ?? text.startIndex
        guard text[start...].allSatisfy(Self.isBlank) else { return nil }
        let rest = bytes[end...].drop(while: Self.isBlank)
        if rest.isEmpty { return (start, rest.startIndex) }
        let lineEnd = rest.first == UInt8(ascii: "\r") ? rest.dropFirst() : rest
        return lineEnd.first == UInt8(ascii: "\n") ? (start, lineEnd.startIndex + 1) : nil
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    // MARK: Positions

    private func find(_ word: [UInt8], from start: Int) -> Int? {
        guard let first = word.first, start <= bytes.count - word.count else { return nil }
        return (start...bytes.count - word.count).first {
            bytes[$0] == first && bytes[$0..<$0 + word.count].elementsEqual(word)
        }
    }

    private func fault(_ reason: String, at place: Int) -> TemplateFault {
        .notParsed(reason, line: 1 + bytes[..<place].count { $0 == UInt8(ascii: "\n") })
    }
}

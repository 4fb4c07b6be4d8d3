// Parses the text of a tag.

internal import Text

extension TemplateTag {
    /// Why a text is not a valid tag, as one clause.
    struct Fault: Error, Equatable {
        let reason: String
    }

    /// Parses a tag.
    ///
    /// - Parameter content: The text between the delimiters.
    /// - Throws: ``Fault``.
    init(_ content: Substring) throws(Fault) {
        let rest = content.dropFirst()
        switch content.first {
        case "#": self.init(kind: .section, name: try Self.name(rest))
        case "^": self.init(kind: .invertedSection, name: try Self.name(rest))
        case "/": self.init(kind: .end, name: try Self.name(rest))
        case "&": self.init(kind: .rawValue, name: try Self.value(rest))
        case "!": self.init(kind: .comment)
        case "=": self.init(kind: try Self.delimiters(rest))
        case ">", "<", "$", "%":
            throw Fault(reason: "tags that begin with > < $ % are not supported")
        default: self.init(kind: .value, name: try Self.value(content))
        }
    }

    /// Parses a tag with three braces.
    ///
    /// - Parameter content: The text between the braces.
    /// - Throws: ``Fault``.
    init(raw content: Substring) throws(Fault) {
        self.init(kind: .rawValue, name: try Self.value(content))
    }

    /// Parses the name of a value.
    private static func value(_ text: Substring) throws(Fault) -> String {
        let name = try name(text)
        guard !TemplatePlace.flags.contains(name) else {
            throw Fault(reason: "\(name) is for sections only")
        }
        return name
    }

    private static func name(_ text: Substring) throws(Fault) -> String {
        let name = text.split { $0.isWhitespace }.joined(separator: " ")
        guard !name.isEmpty else { throw Fault(reason: "a tag without a name") }
        if TemplatePlace.names.contains(name) { return name }
        guard name.utf8.allSatisfy(isOfName) else {
            throw Fault(reason: "\"\(name.withVisibleControls.cut(to: 100))\" is not a name")
        }
        // Empty parts of a dotted name are ignored, except for the first one.
        let parts = name.split(separator: ".").joined(separator: ".")
        return name.hasPrefix(".") ? ".\(parts)" : parts
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "._-?*".utf8.contains(byte)
        }
    }

    private static func delimiters(_ text: Substring) throws(Fault) -> Kind {
        let words = text.dropLast().split { $0.isWhitespace }
        guard text.last == "=", words.count == 2, !words.contains(where: { $0.contains("=") })
        else {
            throw Fault(reason: "other delimiters are set as in {{=<% %>=}}")
        }
        return .delimiters(open: Array(words[0].utf8), close: Array(words[1].utf8))
    }
}

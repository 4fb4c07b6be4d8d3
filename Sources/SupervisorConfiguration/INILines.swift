/// Prepares the lines of a text so that inih reads them like supervisord's parser, Python's
/// `configparser`.
///
/// inih limits lines to 200 bytes and section names to 50, only supports `;` for comments after a
/// value, takes each indented line for a continuation, and does not report whether a line continues
/// a value or repeats a name. So this type removes comments and indentation, records the section
/// names and splits long lines, with marks that show how the parts belong together.
struct INILines {
    /// Marks the continuation of a line that was too long.
    static let fold: UInt8 = 1
    /// Marks a line that continues a value.
    static let continuation: UInt8 = 2
    /// Marks the end of a part, whose last byte may be a space.
    static let edge: UInt8 = 3

    /// A line to pass to inih.
    struct Line {
        /// The bytes, without a line feed.
        let bytes: [UInt8]
        /// The line number in the original text, from 1.
        let number: Int
        /// The name of the section that begins in this line.
        let section: String?
    }

    /// The lines in order.
    private(set) var lines: [Line] = []

    /// The maximum size of a part in bytes.
    private static let limit = 160

    /// The indentation of the last section or setting.
    private var indentation = 0

    /// Whether the current section has a setting.
    private var hasSetting = false

    /// Prepares a text.
    init(_ text: [UInt8]) {
        let all = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in all.enumerated() { add(Self.withoutComment(line), index + 1) }
    }

    private mutating func add(_ line: ArraySlice<UInt8>, _ number: Int) {
        guard let begin = line.firstIndex(where: { !Self.isSpace($0) }),
            let end = line.lastIndex(where: { !Self.isSpace($0) })
        else { return append([], number) }
        let text = line[begin...end]
        // A line continues the value only if it is indented deeper than the setting itself.
        let isContinuation = hasSetting && begin - line.startIndex > indentation
        if !isContinuation {
            indentation = begin - line.startIndex
            if text.first == UInt8(ascii: "[") { return addSection(text, number) }
            let delimiters = [UInt8(ascii: "="), UInt8(ascii: ":")]
            hasSetting = hasSetting || text.contains(where: delimiters.contains)
        }
        var rest = text
        var lead: [UInt8] = isContinuation ? [UInt8(ascii: " "), Self.continuation] : []
        repeat {
            let part = rest.prefix(Self.limit)
            rest = rest.dropFirst(part.count)
            append(lead + part + (rest.isEmpty ? [] : [Self.edge]), number)
            lead = [UInt8(ascii: " "), Self.fold]
        } while !rest.isEmpty
    }

    private mutating func addSection(_ text: ArraySlice<UInt8>, _ number: Int) {
        guard let end = text.lastIndex(of: UInt8(ascii: "]")), end > text.startIndex + 1 else {
            // inih rejects it, as supervisord does; it would accept an empty name.
            return append([UInt8(ascii: "[")], number)
        }
        hasSetting = false
        let name = String(decoding: text[(text.startIndex + 1)..<end], as: UTF8.self)
        append(Array("[section]".utf8), number, section: name)
    }

    private mutating func append(_ bytes: [UInt8], _ number: Int, section: String? = nil) {
        lines.append(Line(bytes: bytes, number: number, section: section))
    }

    /// The line up to a `;` or `#` at its start or after a space.
    private static func withoutComment(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var isAfterSpace = true
        for (index, byte) in zip(line.indices, line) {
            if isAfterSpace && (byte == UInt8(ascii: ";") || byte == UInt8(ascii: "#")) {
                return line[..<index]
            }
            isAfterSpace = isSpace(byte)
        }
        return line
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || (9...13).contains(byte)
    }
}

private import CInih

/// Parses the text of an INI file with inih.
///
/// The corresponding C function is `ini_parse_stream`.
final class INIParser {
    /// The settings in order.
    private(set) var entries: [INIEntry] = []

    /// The sections in order, including empty ones, each with its line.
    private(set) var sections: [(name: String, line: Int)] = []

    /// The first line that is not a section, a setting or a comment; nil if there is none.
    private(set) var firstMistake: Int?

    private let lines: [INILines.Line]
    private var next = 0

    /// Parses a text.
    ///
    /// - Parameter text: The content of the file.
    init(_ text: [UInt8]) {
        lines = INILines(text).lines
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        let failure = unsafe ini_parse_stream(
            { buffer, size, context in
                guard let buffer = unsafe buffer, let context = unsafe context else { return nil }
                let parser = unsafe Unmanaged<INIParser>.fromOpaque(context).takeUnretainedValue()
                guard let line = parser.nextLine() else { return nil }
                let count = min(line.count, Int(size) - 1)
                for index in 0..<count { unsafe buffer[index] = CChar(bitPattern: line[index]) }
                unsafe buffer[count] = 0
                return unsafe buffer
            }, context,
            { context, _, name, value in
                guard let context = unsafe context, let name = unsafe name,
                    let value = unsafe value
                else { return 0 }
                let parser = unsafe Unmanaged<INIParser>.fromOpaque(context).takeUnretainedValue()
                let isSetting = parser.note(
                    unsafe String(cString: name), unsafe String(cString: value))
                return isSetting ? 1 : 0
            }, context)
        if failure > 0, lines.indices.contains(Int(failure) - 1) {
            firstMistake = lines[Int(failure) - 1].number
        }
        if let early = entries.first(where: { $0.section.isEmpty }) {
            firstMistake = min(early.line, firstMistake ?? early.line)
        }
    }

    /// The next line for inih; nil at the end.
    private func nextLine() -> [UInt8]? {
        guard next < lines.count else { return nil }
        let line = lines[next]
        next += 1
        if let section = line.section { sections.append((section, line.number)) }
        return line.bytes + [UInt8(ascii: "\n")]
    }

    /// Records a setting that inih found in its current line.
    ///
    /// - Returns: Whether it is one: supervisord rejects a value without a name.
    private func note(_ name: String, _ value: String) -> Bool {
        let marks = [INILines.fold, INILines.continuation, INILines.edge]
        let plain = String(decoding: value.utf8.filter { !marks.contains($0) }, as: UTF8.self)
        switch value.utf8.first {
        case INILines.fold where !entries.isEmpty:
            entries[entries.count - 1].value += plain
        case INILines.continuation where !entries.isEmpty:
            entries[entries.count - 1].value += "\n\(plain)"
        default:
            let key = String(decoding: name.utf8.filter { !marks.contains($0) }, as: UTF8.self)
            guard !key.isEmpty else { return false }
            entries.append(
                INIEntry(
                    section: sections.last?.name ?? "", key: key.lowercased(), value: plain,
                    line: lines[next - 1].number))
        }
        return true
    }
}

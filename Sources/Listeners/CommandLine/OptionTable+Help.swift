// The usage and help texts of a tool.

extension OptionTable {
    /// The width of the help text in characters.
    private static var width: Int { 80 }

    /// The column where the descriptions begin.
    private static var helpColumn: Int { 30 }

    /// The usage as one line, without a line feed, such as `usage: httpok [-p name]... [-a] URL`.
    ///
    /// It shows superlance's own options; `[option]...` stands for the others.
    public var usage: String { usageParts.joined(separator: " ") }

    /// The parts of the usage between which a line may end.
    private var usageParts: [String] {
        var parts = [["usage:", programName].joined(separator: " ")]
        parts += options.filter { $0.isOriginal || $0.occurrence.isRequired }.flatMap(usage(of:))
        if options.contains(where: { !$0.isOriginal && !$0.occurrence.isRequired }) {
            parts.append("[option]...")
        }
        if !operands.isEmpty { parts.append(operands) }
        return parts
    }

    /// The help text: usage, summary, and all options by section.
    ///
    /// It is 80 columns wide, and ends with a line feed.
    public var help: String {
        let usage = Self.wrapped(usageParts, to: Self.width, indentation: "    ")
            .joined(separator: "\n")
        let summary = Self.paragraph(summary)
        let sections = OptionSpecification.Section.allCases.map { section in
            (section, options.filter { $0.section == section })
        }.filter { !$1.isEmpty }
        let blocks = sections.flatMap { section, options in
            ["", "\(section.rawValue):"] + options.map(entry(of:))
        }
        return ([usage, "", summary] + blocks).joined(separator: "\n") + "\n"
    }

    private func usage(of option: OptionSpecification) -> [String] {
        let name = option.letter.map { "-\($0)" } ?? "--\(option.longName)"
        let text = option.placeholder.map { "\(name) \($0)" } ?? name
        switch option.occurrence {
        case .optional: return ["[\(text)]"]
        case .repeatable: return ["[\(text)]..."]
        case .required: return [text]
        case .requiredRepeatable: return [text, "[\(text)]..."]
        }
    }

    private func entry(of option: OptionSpecification) -> String {
        let letter = option.letter.map { "-\($0), " } ?? "    "
        let value = option.placeholder.map { " \($0)" } ?? ""
        let names = "  \(letter)--\(option.longName)\(value)"
        let indentation = String(repeating: " ", count: Self.helpColumn)
        let lines = Self.wrapped(option.help, to: Self.width - Self.helpColumn)
        let gap = Self.helpColumn - names.count
        if gap < 2 { return ([names] + lines.map { indentation + $0 }).joined(separator: "\n") }
        let rest = lines.dropFirst().map { indentation + $0 }
        let first = names + String(repeating: " ", count: gap) + (lines.first ?? "")
        return ([first] + rest).joined(separator: "\n")
    }

    /// The text in lines as wide as a help text.
    static func paragraph(_ text: String) -> String {
        wrapped(text, to: width).joined(separator: "\n")
    }

    private static func wrapped(_ text: String, to width: Int) -> [String] {
        wrapped(text.split(separator: " ").map(String.init), to: width)
    }

    /// The parts in lines that end only between parts.
    ///
    /// - Parameters:
    ///   - parts: Words, or several words that belong together.
    ///   - width: The maximum width of a line, unless a part is longer.
    ///   - indentation: Precedes each line but the first.
    /// - Returns: The lines.
    private static func wrapped(
        _ parts: [String], to width: Int, indentation: String = ""
    ) -> [String] {
        var lines: [String] = []
        for part in parts {
            if let line = lines.last, line.count + 1 + part.count <= width {
                lines[lines.count - 1] = "\(line) \(part)"
            } else {
                lines.append(lines.isEmpty ? part : indentation + part)
            }
        }
        return lines
    }
}

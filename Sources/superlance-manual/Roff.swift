import Foundation

/// Text in the format of man(7).
enum Roff {
    /// Literal words: their hyphens must be typed as hyphens.
    static func literal(_ text: String) -> String {
        escaped(text).replacingOccurrences(of: "-", with: "\\-")
    }

    /// A sentence in which words that begin like options are options.
    static func sentence(_ text: String) -> String {
        escaped(text).split(separator: " ").map { word in
            word.drop { "'(\\aq".contains($0) }.hasPrefix("-")
                ? word.replacingOccurrences(of: "-", with: "\\-") : String(word)
        }.joined(separator: " ")
    }

    /// Markdown within a paragraph: code becomes bold, a link to a page italic.
    static func inline(_ markdown: String) -> String {
        markdown.replacing(/\[([^\]]*)\]\(([^)]*)\)/) { match in
            let (words, target) = (match.output.1, match.output.2)
            return target.contains("://") ? "\(words) <\(target)>" : "*\(words)*"
        }.replacingOccurrences(of: "**", with: "*")
            .split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .map { number, part in
                number.isMultiple(of: 2) ? emphasized(part) : "\\fB\(literal(String(part)))\\fR"
            }.joined()
    }

    private static func emphasized(_ text: Substring) -> String {
        text.split(separator: "*", omittingEmptySubsequences: false).enumerated()
            .map { number, part in
                number.isMultiple(of: 2)
                    ? sentenceKeepingBlanks(part) : "\\fI\(literal(String(part)))\\fR"
            }.joined()
    }

    private static func sentenceKeepingBlanks(_ text: Substring) -> String {
        text.split(separator: " ", omittingEmptySubsequences: false)
            .map { sentence(String($0)) }.joined(separator: " ")
    }

    /// A line of input, which must not begin with a request.
    static func line(_ text: String) -> String {
        text.hasPrefix(".") || text.hasPrefix("'") ? "\\&\(text)" : text
    }

    /// Breaks lines of text at the usual width of manual pages.
    static func folded(_ lines: [String]) -> [String] {
        var folded: [String] = []
        var isFilled = true
        for line in lines {
            if line == ".nf" || line == ".fi" { isFilled = line == ".fi" }
            // The line after .TP is the complete tag.
            if isFilled, !line.hasPrefix("."), folded.last != ".TP" {
                folded += broken(line)
            } else {
                folded.append(line)
            }
        }
        return folded
    }

    private static func broken(_ text: String) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let line = lines.last, line.utf8.count + word.utf8.count < 79 || word.first == "." {
                lines[lines.count - 1] = "\(line) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }

    private static func escaped(_ text: String) -> String {
        text.replacingOccurrences(of: "\\", with: "\\e")
            .replacingOccurrences(of: "'", with: "\\(aq")
            .replacingOccurrences(of: "~", with: "\\(ti")
            .replacingOccurrences(of: "^", with: "\\(ha")
    }
}

extension Markdown.Block {
    /// The block in man(7).
    var roff: [String] {
        switch self {
        case .paragraph(let text): [".PP", Roff.line(Roff.inline(text))]
        case .item(let text): [".IP \\(bu 2", Roff.line(Roff.inline(text))]
        case .code(let lines):
            [".PP", ".RS 4", ".nf"] + lines.map { Roff.line(Roff.literal($0)) } + [".fi", ".RE"]
        case .row(let cells): row(cells.filter { !$0.isEmpty })
        }
    }

    private func row(_ cells: [String]) -> [String] {
        let name = cells.dropLast().map(Roff.inline).joined(separator: ", ")
        return [".TP", Roff.line(name), Roff.line(Roff.inline(cells.last ?? ""))]
    }
}

import Foundation

/// A page of the documentation, with the parts of Markdown that the pages use.
struct Markdown {
    /// The blocks of a page.
    enum Block {
        case paragraph(String)
        case item(String)
        case code([String])
        /// The cells of a table's row; the heading of the table is omitted.
        case row([String])
    }

    private let lines: [Substring]

    init(contentsOf path: String) throws {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The blocks below a heading of level 2.
    func section(_ heading: String) -> [Block] {
        let rest = lines.drop { $0 != "## \(heading)" }.dropFirst()
        return Self.blocks(rest.prefix { !$0.hasPrefix("## ") })
    }

    /// The headings of level 2.
    var headings: [String] {
        lines.filter { $0.hasPrefix("## ") }.map { String($0.dropFirst(3)) }
    }

    /// The blocks before the first heading of level 2.
    var introduction: [Block] {
        Self.blocks(lines.dropFirst().prefix { !$0.hasPrefix("## ") })
    }

    /// The command lines that a section begins with.
    var usages: [String] {
        headings.flatMap { heading -> [String] in
            guard case .code(let lines)? = section(heading).first else { return [] }
            return lines
        }
    }

    /// All blocks of the page.
    var blocks: [Block] { Self.blocks(lines[...].filter { !$0.hasPrefix("#") }[...]) }

    private static func blocks(_ lines: ArraySlice<Substring>) -> [Block] {
        var blocks: [Block] = []
        var code: [String]?
        var continues = false
        /// Whether the line before was one of indented code.
        var isIndented = false
        for line in lines {
            defer { isIndented = line.hasPrefix("    ") && !continues }
            if line.hasPrefix("```") {
                if let done = code { blocks.append(.code(done)) }
                code = code == nil ? [] : nil
                continues = false
            } else if code != nil {
                code?.append(String(line))
            } else if line.isEmpty {
                continues = false
            } else if !continues, line.hasPrefix("    ") {
                let text = String(line.dropFirst(4))
                if case .code(let lines)? = blocks.last, isIndented {
                    blocks[blocks.count - 1] = .code(lines + [text])
                } else {
                    blocks.append(.code([text]))
                }
            } else if line.hasPrefix("|") {
                blocks.append(.row(cells(of: line)))
            } else if line.hasPrefix("- ") {
                blocks.append(.item(String(line.dropFirst(2))))
                continues = true
            } else if continues, let last = blocks.popLast() {
                blocks.append(last.adding(line.trimmingCharacters(in: .whitespaces)))
            } else {
                blocks.append(.paragraph(String(line)))
                continues = true
            }
        }
        return withoutHeadings(blocks)
    }

    private static func cells(of line: Substring) -> [String] {
        line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// The heading of a table is the row before the one of hyphens.
    private static func withoutHeadings(_ blocks: [Block]) -> [Block] {
        var kept: [Block] = []
        for block in blocks {
            if case .row(let cells) = block, cells.allSatisfy({ $0.hasPrefix("--") }) {
                kept.removeLast()
            } else {
                kept.append(block)
            }
        }
        return kept
    }
}

extension Markdown.Block {
    fileprivate func adding(_ line: String) -> Markdown.Block {
        switch self {
        case .paragraph(let text): .paragraph("\(text) \(line)")
        case .item(let text): .item("\(text) \(line)")
        case .code, .row: self
        }
    }
}

import Foundation

/// A page of the documentation.
package struct Document: CustomStringConvertible {
    /// The path relative to the package, such as `docs/httpok.md`.
    package let name: String
    package let text: String

    package var description: String { name }

    /// The directory of the package.
    package static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// Reads a page or any other text file.
    package init(_ name: String, below folder: String = root) throws {
        self.name = name
        text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
    }

    /// All pages in docs and in the top directory.
    package static func all() throws -> [Document] {
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(root)/docs")
        let pages = names.filter { $0.hasSuffix(".md") }.sorted().map { "docs/\($0)" }
        let top = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"]
        return try (top + pages).map { try Document($0) }
    }

    /// The contents of fenced code blocks in a language.
    package func blocks(in language: String) -> [String] {
        text.components(separatedBy: "```\(language)\n").dropFirst().map { rest in
            // A fence begins its line; within a line it is content.
            let lines = rest.split(separator: "\n", omittingEmptySubsequences: false)
            return lines.prefix { !$0.drop { $0 == " " }.hasPrefix("```") }
                .map { "\($0)\n" }.joined()
        }
    }

    /// The lines below a heading such as `## Options`, up to the next heading of the same level.
    package func section(_ heading: String) -> [Substring] {
        let rank = heading.prefix { $0 == "#" } + " "
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return Array(
            lines.drop { $0 != heading }.dropFirst().prefix { !$0.hasPrefix(rank) })
    }

    /// The headings of level 2.
    package var headings: [Substring] {
        text.split(separator: "\n").filter { $0.hasPrefix("## ") }
    }

    /// The anchors of the headings: lower case, without punctuation, with hyphens for spaces.
    package var anchors: [String] {
        text.split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
            line.drop { "# ".contains($0) }.lowercased().replacing(" ", with: "-")
                .filter { $0.isLetter || $0.isNumber || "-_".contains($0) }
        }
    }

    /// The paths of the files in this package that it links to.
    package var linkedFiles: [String] {
        let folder = URL(fileURLWithPath: "\(Self.root)/\(name)").deletingLastPathComponent()
        return text.matches(of: /\]\(([^)#\s]+\.[a-z]+)[^)]*\)/).map { String($0.output.1) }
            .filter { !$0.contains("://") }
            .map { folder.appendingPathComponent($0).standardizedFileURL.path }
    }
}

import Foundation

/// An excerpt of supervisord.conf on a page.
package struct ShownConfiguration: CustomStringConvertible, Sendable {
    /// A section, such as `[eventlistener:crashmail]`.
    package struct Section: Sendable {
        /// The text between its brackets.
        package let name: String
        package let values: [String: String]

        /// The name after `eventlistener:` or another kind; nil if it is of another kind.
        package func name(as kind: String) -> String? {
            name.hasPrefix("\(kind):") ? String(name.dropFirst(kind.count + 1)) : nil
        }
    }

    /// The page, and the number of the excerpt.
    package let description: String
    package let text: String

    /// Parses an excerpt.
    package init(_ description: String, text: String) {
        self.description = description
        self.text = text
    }

    /// All excerpts on all pages.
    package static func all() throws -> [ShownConfiguration] {
        try Document.all().flatMap { page in
            page.blocks(in: "ini").enumerated().map { number, text in
                ShownConfiguration("\(page), block \(number + 1)", text: text)
            }
        }
    }

    package var sections: [Section] {
        var sections: [Section] = []
        let lines = text.replacing(/\n +/, with: " ").split(separator: "\n")
        for line in lines where !line.hasPrefix(";") {
            if line.hasPrefix("[") {
                let name = line.dropFirst().prefix { $0 != "]" }
                sections.append(Section(name: String(name), values: [:]))
            } else if let equals = line.firstIndex(of: "="), let last = sections.last {
                let key = line[..<equals].trimmingCharacters(in: .whitespaces)
                let value = line[line.index(after: equals)...]
                let values = last.values.merging([key: String(value)]) { $1 }
                sections[sections.count - 1] = Section(name: last.name, values: values)
            }
        }
        return sections
    }
}

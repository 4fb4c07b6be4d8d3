// A piece of supervisord.conf that a page shows.

import Foundation

/// A piece of supervisord.conf that a page shows.
package struct ShownConfiguration: CustomStringConvertible, Sendable {
    /// A section, such as `[eventlistener:crashmail]`.
    package struct Section: Sendable {
        /// What stands between its brackets.
        package let name: String
        package let values: [String: String]

        /// The name behind `eventlistener:` or another kind; nothing if it is of another kind.
        package func name(as kind: String) -> String? {
            name.hasPrefix("\(kind):") ? String(name.dropFirst(kind.count + 1)) : nil
        }
    }

    /// The page, and which of its pieces it is.
    package let description: String
    package let text: String

    /// A piece of supervisord.conf.
    package init(_ description: String, text: String) {
        self.description = description
        self.text = text
    }

    /// Every piece that a page shows.
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

/// Text with names in braces, such as `{host}`; `{{` and `}}` stand for single braces.
///
/// Braces, because supervisord expands `%` in `command=`.
package struct BraceText: Hashable, Sendable {
    /// Why a text is invalid.
    package enum Fault: Error, Hashable, Sendable {
        /// The name in braces does not exist.
        case unknownName(String)
        /// A brace is not closed.
        case openBrace
    }

    private enum Part: Hashable {
        case text(String)
        case name(String)
    }

    private let parts: [Part]

    /// Parses a text.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - names: The allowed names.
    /// - Throws: ``Fault`` if a name is unknown or a brace is not closed.
    package init(_ text: String, names: [String]) throws(Fault) {
        var parts: [Part] = []
        var literal = ""
        // Scalars, since a combining character would hide a brace.
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "{" where rest.first == "{", "}" where rest.first == "}":
                rest.removeFirst()
                literal.unicodeScalars.append(scalar)
            case "{":
                guard let end = rest.firstIndex(of: "}") else { throw .openBrace }
                let name = String(rest[..<end])
                guard names.contains(name) else { throw .unknownName(name) }
                parts += [.text(literal), .name(name)]
                literal = ""
                rest = rest[rest.index(after: end)...]
            default: literal.unicodeScalars.append(scalar)
            }
        }
        self.parts = parts + [.text(literal)]
    }

    /// Whether it has names.
    package var hasNames: Bool {
        parts.contains { part in
            if case .name = part { true } else { false }
        }
    }

    /// Fills in the names.
    ///
    /// - Parameter value: Returns the value of a name.
    /// - Returns: The text.
    package func filled(_ value: (String) -> String) -> String {
        parts.map { part in
            switch part {
            case .text(let text): text
            case .name(let name): value(name)
            }
        }.joined()
    }
}

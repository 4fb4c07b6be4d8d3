// Finds values with `$NAME`, which only a shell expands: supervisord runs none.

internal import Text

extension OptionTable {
    /// Returns a warning for each value with `$NAME`.
    ///
    /// - Parameters:
    ///   - occurrences: The options, or the variables in their place.
    ///   - operands: The other arguments.
    /// - Returns: The warnings, each with what to write instead.
    func unexpanded(in occurrences: [OptionOccurrence], operands: [String]) -> [String] {
        let values = occurrences.compactMap { occurrence -> String? in
            let option = options.first { $0.key == occurrence.key }
            // A shell runs the sendmail command.
            guard let placeholder = option?.placeholder, occurrence.key != .sendmail,
                !["REGEX", "CONDITION", "TEXT", "FORMAT"].contains(placeholder),
                let value = occurrence.text, !Self.runsShell(value),
                let variable = Self.variable(in: value)
            else { return nil }
            // A password may contain anything.
            let isSecret = ["PASSWORD", "KEY"].contains(placeholder)
            guard !isSecret || value == "$\(variable)" || value == "${\(variable)}" else {
                return nil
            }
            return Self.warning(about: variable, in: occurrence.name)
        }
        return values
            + operands.filter { !Self.runsShell($0) }.compactMap(Self.variable).map {
                Self.warning(about: $0, in: self.operands)
            }
    }

    private static func warning(about variable: String, in place: String) -> String {
        // These are set when the command runs.
        if variable.hasPrefix("SUPERLANCE_") {
            return
                "\(place): $\(variable) is not expanded, since the command runs without a shell: "
                + "write sh -c '...'"
        }
        return "\(place): $\(variable) is not expanded, since supervisord runs no shell: "
            + "write %(ENV_\(variable))s"
    }

    /// Whether a value is a command that a shell expands, such as `sh -c '...'`.
    private static func runsShell(_ value: String) -> Bool {
        let words = value.utf8.split(separator: UInt8(ascii: " "))
        return zip(words, words.dropFirst()).contains { name, option in
            name.suffix(2).elementsEqual("sh".utf8) && option.first == UInt8(ascii: "-")
                && option.last == UInt8(ascii: "c")
        }
    }

    /// The first `NAME` in capital letters in `$NAME` or `${NAME}`.
    private static func variable(in text: String) -> String? {
        var rest = text.utf8[...]
        while let dollar = rest.firstIndex(of: UInt8(ascii: "$")) {
            rest = rest[dollar...].dropFirst()
            let isBraced = rest.first == UInt8(ascii: "{")
            if isBraced { rest = rest.dropFirst() }
            let name = rest.prefix {
                (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
                    || $0.isASCIIDigit
                    || $0 == UInt8(ascii: "_")
            }
            rest = rest.dropFirst(name.count)
            guard let first = name.first, first > UInt8(ascii: "9"), name.count > 1,
                !isBraced || rest.first == UInt8(ascii: "}")
            else { continue }
            return String(Substring(name))
        }
        return nil
    }
}

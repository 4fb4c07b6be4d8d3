/// Expands names such as `%(program_name)s` with the rules of Python's `%` operator, which
/// supervisord uses (Supervisor manual, "Configuration File").
struct Expansion {
    /// Why a text cannot be expanded.
    package struct Failure: Error, Hashable, CustomStringConvertible {
        /// The reason, as one clause.
        package let description: String
    }

    /// The values by name.
    var values: [String: String]

    /// The names whose values are numbers; all others are texts, even if they consist of digits.
    private static let numbers: Set = ["process_num", "numprocs"]

    /// Expands a text.
    ///
    /// - Parameter text: The text.
    /// - Returns: The expanded text.
    /// - Throws: ``Failure`` for an unknown name or an invalid use of `%`.
    func expand(_ text: String) throws(Failure) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
        var result: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                result.append(byte)
                continue
            }
            if rest.first == UInt8(ascii: "%") {
                rest.removeFirst()
                result.append(byte)
                continue
            }
            result += try value(&rest).utf8
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Parses a name and its format after a `%`.
    private func value(_ rest: inout ArraySlice<UInt8>) throws(Failure) -> String {
        guard rest.popFirst() == UInt8(ascii: "("),
            let end = rest.firstIndex(of: UInt8(ascii: ")"))
        else {
            throw Failure(
                description: "% must precede a name such as (here)s; write %% for a percent sign")
        }
        let name = String(decoding: rest[..<end], as: UTF8.self)
        rest = rest[(end + 1)...]
        guard let format = PythonFormat(&rest) else {
            throw Failure(description: "s or d is missing after %(\(name))")
        }
        guard let value = values[name] else {
            throw Failure(description: "%(\(name))s is not defined")
        }
        if Self.numbers.contains(name), let number = Int(value) {
            return format.apply(to: number)
        }
        guard let text = format.apply(to: value) else {
            throw Failure(description: "%(\(name)) is a text: write %(\(name))s")
        }
        return text
    }
}

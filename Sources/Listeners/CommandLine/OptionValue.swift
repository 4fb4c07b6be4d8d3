// A value from the command line and the name errors call it by.

/// A value from the command line and the name errors call it by.
///
/// Each kind of value is read by a method that throws a `UsageError` saying what was wanted.
public struct OptionValue: Sendable, Hashable {
    /// What errors call it: an option such as `-t` or `--timeout`, or an operand such as `URL`.
    public let name: String

    /// The value as it was given.
    public let text: String

    /// A value.
    ///
    /// - Parameters:
    ///   - name: What errors call it.
    ///   - text: The value as it was given.
    public init(name: String, text: String) {
        self.name = name
        self.text = text
    }

    /// The text without blanks around it, which Python's conversions ignore too.
    var trimmed: Substring {
        var text = self.text.utf8[...]
        while text.first == UInt8(ascii: " ") { text.removeFirst() }
        while text.last == UInt8(ascii: " ") { text.removeLast() }
        return Substring(text)
    }

    /// The text, which must not be empty.
    func text(wanting wanted: String) throws(UsageError) -> String {
        guard !text.isEmpty else { throw .invalidValue(name, wanted: wanted) }
        return text
    }

    /// The error that this value is not what was wanted; it quotes the value.
    func error(wanting wanted: String) -> UsageError {
        .invalidValue(name, wanted: wanted, got: text)
    }
}

/// A value from the command line, with the name to use in errors.
///
/// Each kind of value has a parsing method that throws a `UsageError` with the expected form.
public struct OptionValue: Sendable, Hashable {
    /// The name in errors: an option such as `-t` or `--timeout`, or an operand such as `URL`.
    public let name: String

    /// The value as given.
    public let text: String

    /// Creates a value.
    ///
    /// - Parameters:
    ///   - name: The name in errors.
    ///   - text: The value as given.
    public init(name: String, text: String) {
        self.name = name
        self.text = text
    }

    /// The text without surrounding spaces, which Python's conversions ignore too.
    var trimmed: Substring {
        var text = self.text.utf8[...]
        while text.first == UInt8(ascii: " ") { text.removeFirst() }
        while text.last == UInt8(ascii: " ") { text.removeLast() }
        return Substring(text)
    }

    /// The text; throws if it is empty.
    func text(requiring expected: String) throws(UsageError) -> String {
        guard !text.isEmpty else { throw .invalidValue(name, expected: expected) }
        return text
    }

    /// The error that this value is invalid; it includes the value.
    func error(requiring expected: String) -> UsageError {
        .invalidValue(name, expected: expected, got: text)
    }
}

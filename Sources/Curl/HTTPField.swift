// One header field of a request or an answer.

/// A header field (RFC 9110, section 5).
public struct HTTPField: Sendable, Hashable {
    /// The field's name, which means the same in any case.
    public let name: String

    /// The field's value, without white space around it.
    public let value: String

    /// Makes a field.
    ///
    /// - Parameters:
    ///   - name: The field's name.
    ///   - value: The field's value; it must hold no line break.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

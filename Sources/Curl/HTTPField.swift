/// A header field (RFC 9110, section 5).
public struct HTTPField: Sendable, Hashable {
    /// The field's name; case-insensitive.
    public let name: String

    /// The field's value, without surrounding white space.
    public let value: String

    /// Creates a field.
    ///
    /// - Parameters:
    ///   - name: The field's name.
    ///   - value: The field's value; it must hold no line break.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

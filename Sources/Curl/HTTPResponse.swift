// A server's answer to an HTTP request.

/// An answer, whatever its status: a 500 is an answer, not an error.
public struct HTTPResponse: Sendable, Equatable {
    /// The status code, 200 to 599 as a rule (RFC 9110, section 15).
    public let status: Int

    /// The reason phrase of the status line as the server wrote it, often empty.
    public let reason: String

    /// The header fields in the order they came, then the trailer's, if any.
    public let fields: [HTTPField]

    /// The body, empty when it went to a closure instead.
    public let body: [UInt8]

    /// Describes an answer.
    ///
    /// - Parameters:
    ///   - status: The status code.
    ///   - reason: The reason phrase.
    ///   - fields: The header fields.
    ///   - body: The body.
    public init(status: Int, reason: String, fields: [HTTPField] = [], body: [UInt8] = []) {
        self.status = status
        self.reason = reason
        self.fields = fields
        self.body = body
    }

    /// The value of the first field with this name, in any case.
    ///
    /// - Parameter name: A field's name.
    /// - Returns: The value, or nil when there is no such field.
    public subscript(name: String) -> String? {
        let wanted = name.lowercased()
        return fields.first { $0.name.lowercased() == wanted }?.value
    }
}

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

    /// Where a redirect leads, as a whole URL; nil for an answer that is none.
    ///
    /// The corresponding C option is `CURLINFO_REDIRECT_URL`.
    public let redirect: String?

    /// When the server's certificate expires, in seconds since 1970; nil without TLS, or if it was
    /// not asked for with `HTTPRequest.wantsCertificate`.
    public let certificateEnd: Int?

    /// Describes an answer.
    ///
    /// - Parameters:
    ///   - status: The status code.
    ///   - reason: The reason phrase.
    ///   - fields: The header fields.
    ///   - body: The body.
    ///   - redirect: Where a redirect leads.
    ///   - certificateEnd: When the server's certificate expires, in seconds since 1970.
    public init(
        status: Int, reason: String, fields: [HTTPField] = [], body: [UInt8] = [],
        redirect: String? = nil, certificateEnd: Int? = nil
    ) {
        self.status = status
        self.reason = reason
        self.fields = fields
        self.body = body
        self.redirect = redirect
        self.certificateEnd = certificateEnd
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

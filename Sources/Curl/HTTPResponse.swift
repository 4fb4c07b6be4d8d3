internal import Text

/// A server's response, whatever its status: a 500 is a response, not an error.
public struct HTTPResponse: Sendable, Equatable {
    /// The status code, usually 200 to 599 (RFC 9110, section 15).
    public let status: Int

    /// The reason phrase of the status line as the server wrote it, often empty.
    public let reason: String

    /// The header fields in the order received, then those of the trailer.
    public let fields: [HTTPField]

    /// The body; empty when it was passed to a closure.
    public let body: [UInt8]

    /// The absolute URL of a redirect; nil for other responses.
    ///
    /// The corresponding C option is `CURLINFO_REDIRECT_URL`.
    public let redirect: String?

    /// The expiry date of the server's certificate, in seconds since 1970; nil without TLS or
    /// without `HTTPRequest.wantsCertificate`.
    public let certificateEnd: Int?

    /// Creates a response.
    ///
    /// - Parameters:
    ///   - status: The status code.
    ///   - reason: The reason phrase.
    ///   - fields: The header fields.
    ///   - body: The body.
    ///   - redirect: The absolute URL of a redirect.
    ///   - certificateEnd: The expiry date of the server's certificate, in seconds since 1970.
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

    /// The value of the first field with this name.
    ///
    /// - Parameter name: A field's name; case-insensitive.
    /// - Returns: The value, or nil when there is no such field.
    public subscript(name: String) -> String? {
        fields.first { $0.name.isExactly(ignoringCase: name) }?.value
    }
}

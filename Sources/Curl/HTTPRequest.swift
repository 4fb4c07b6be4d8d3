internal import CCurl

/// An HTTP/1.1 request to one server, without redirects or proxies.
///
/// Performing it blocks until the response is complete or the timeout expires. The process should
/// ignore SIGPIPE, as every program that writes to sockets should.
public struct HTTPRequest: Sendable {
    /// The request method (RFC 9110, section 9).
    public enum Method: Hashable, Sendable {
        /// GET: request the content.
        case get
        /// HEAD: request the head of the response only.
        case head
        /// POST: process the body of the request.
        case post
        /// Any other method, such as `PUT`.
        case other(String)
    }

    /// The method; GET by default.
    ///
    /// The corresponding C options are `CURLOPT_POST`, `CURLOPT_NOBODY` and
    /// `CURLOPT_CUSTOMREQUEST`.
    public var method = Method.get

    /// The URL, `http` or `https`; `user:password@` before the host is used for basic
    /// authentication.
    ///
    /// The corresponding C option is `CURLOPT_URL`.
    public var url: String

    /// Header fields to send in addition to libcurl's `Host` and `Accept`.
    ///
    /// The corresponding C option is `CURLOPT_HTTPHEADER`.
    public var fields: [HTTPField] = []

    /// The body; an empty one is sent with POST only.
    ///
    /// The corresponding C option is `CURLOPT_COPYPOSTFIELDS`.
    public var body: [UInt8] = []

    /// The path of a socket to connect to instead of the URL's host.
    ///
    /// The corresponding C option is `CURLOPT_UNIX_SOCKET_PATH`.
    public var unixSocketPath: String?

    /// The credentials for basic authentication; they override those in the URL.
    ///
    /// The corresponding C options are `CURLOPT_USERNAME` and `CURLOPT_PASSWORD`.
    public var credentials: Credentials?

    /// The value of `User-Agent`; nil sends no such field.
    ///
    /// The corresponding C option is `CURLOPT_USERAGENT`.
    public var userAgent: String?

    /// The timeout for the whole request, from the name lookup to the last byte of the body.
    ///
    /// The corresponding C option is `CURLOPT_TIMEOUT_MS`; a fraction of a millisecond is rounded
    /// up.
    public var timeout = Duration.seconds(10)

    /// The time for the connection, the name lookup included; libcurl's own when nil.
    ///
    /// The corresponding C option is `CURLOPT_CONNECTTIMEOUT_MS`.
    public var connectTimeout: Duration?

    /// The certificate authorities to trust for an `https` URL.
    ///
    /// The corresponding C option is `CURLOPT_CAINFO`.
    public var authorities = CertificateAuthorities.system

    /// Whether the server's certificate is verified for an `https` URL.
    ///
    /// The corresponding C options are `CURLOPT_SSL_VERIFYPEER` and `CURLOPT_SSL_VERIFYHOST`.
    public var verifiesServer = true

    /// The client certificate, a file in PEM format.
    ///
    /// The corresponding C option is `CURLOPT_SSLCERT`.
    public var clientCertificate: String?

    /// The private key, if it is not in the file of the client certificate.
    ///
    /// The corresponding C option is `CURLOPT_SSLKEY`.
    public var clientKey: String?

    /// Whether to read the expiry date of the server's certificate.
    ///
    /// The corresponding C option is `CURLOPT_CERTINFO`.
    public var wantsCertificate = false

    /// Whether to connect without sending a request; the response then has status 0.
    ///
    /// The corresponding C option is `CURLOPT_CONNECT_ONLY`.
    public var onlyConnects = false

    /// The time for the body, if the status is sufficient; nil if the whole body is required.
    ///
    /// After this time, or if what follows the status line is incomplete or invalid, the response
    /// has what was received.
    public var bodyTimeout: Duration?

    /// The maximum size of the body in bytes; nil for no limit.
    public var bodyLimit: Int?

    /// Creates a GET request; set its other properties before performing it.
    ///
    /// - Parameter url: The URL, `http` or `https`.
    public init(_ url: String) { self.url = url }

    /// Performs the request and collects the body.
    ///
    /// - Returns: The response, whatever its status.
    /// - Throws: `CurlError` when there is no complete response: no connection, an untrusted
    ///   certificate, the timeout, or `.filesizeExceeded` when the body is larger than `bodyLimit`.
    public func perform() throws(CurlError) -> HTTPResponse {
        var body: [UInt8] = []
        let head = try perform { chunk in
            body += chunk
            return true
        }
        return HTTPResponse(
            status: head.status, reason: head.reason, fields: head.fields, body: body,
            redirect: head.redirect, certificateEnd: head.certificateEnd)
    }

    /// Performs the request and passes on the body in chunks as they arrive.
    ///
    /// - Parameter receive: Receives a chunk of the body and returns whether to continue; false
    ///   closes the connection and returns the response so far.
    /// - Returns: The response without its body.
    /// - Throws: `CurlError` when there is no complete response: no connection, an untrusted
    ///   certificate, the timeout, or `.filesizeExceeded` when the body is larger than `bodyLimit`.
    public func perform(_ receive: ([UInt8]) -> Bool) throws(CurlError) -> HTTPResponse {
        try withoutActuallyEscaping(receive) { receive throws(CurlError) in
            try HTTPTransfer(self, receive: receive).perform()
        }
    }
}

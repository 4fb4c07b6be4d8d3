// An HTTP request, and how libcurl is told to perform it.

internal import CCurl

/// A request to one server: no redirect is followed, no proxy is used, HTTP/1.1 is spoken.
///
/// Performing it blocks until the answer is there or the timeout is over. The process should ignore
/// SIGPIPE, as every program that writes to sockets should.
public struct HTTPRequest: Sendable {
    /// What is asked of the resource (RFC 9110, section 9).
    public enum Method: Hashable, Sendable {
        /// Its content.
        case get
        /// The head of the answer only.
        case head
        /// To process the request's body.
        case post
        /// Anything else, such as `PUT`.
        case other(String)
    }

    /// GET unless set otherwise.
    ///
    /// The corresponding C options are `CURLOPT_POST`, `CURLOPT_NOBODY` and
    /// `CURLOPT_CUSTOMREQUEST`.
    public var method = Method.get

    /// The URL, `http` or `https`; `user:password@` before the host is used for basic
    /// authentication.
    ///
    /// The corresponding C option is `CURLOPT_URL`.
    public var url: String

    /// Header fields to send besides libcurl's `Host` and `Accept`.
    ///
    /// The corresponding C option is `CURLOPT_HTTPHEADER`.
    public var fields: [HTTPField] = []

    /// The body; an empty one is sent with POST only.
    ///
    /// The corresponding C option is `CURLOPT_COPYPOSTFIELDS`.
    public var body: [UInt8] = []

    /// The path of a socket to connect to in place of the URL's host.
    ///
    /// The corresponding C option is `CURLOPT_UNIX_SOCKET_PATH`.
    public var unixSocketPath: String?

    /// The login for basic authentication, before one that the URL holds.
    ///
    /// The corresponding C options are `CURLOPT_USERNAME` and `CURLOPT_PASSWORD`.
    public var credentials: Credentials?

    /// The `User-Agent` field, not sent when nil.
    ///
    /// The corresponding C option is `CURLOPT_USERAGENT`.
    public var userAgent: String?

    /// The time for all of it, from the name lookup to the body's last byte.
    ///
    /// The corresponding C option is `CURLOPT_TIMEOUT_MS`; a fraction of a millisecond is rounded
    /// up.
    public var timeout = Duration.seconds(10)

    /// Whom to trust when the URL is `https`.
    ///
    /// The corresponding C option is `CURLOPT_CAINFO`.
    public var authorities = CertificateAuthorities.system

    /// Whether the server's certificate is verified when the URL is `https`.
    ///
    /// The corresponding C options are `CURLOPT_SSL_VERIFYPEER` and `CURLOPT_SSL_VERIFYHOST`.
    public var verifiesServer = true

    /// A file with the client's own certificate, in PEM form.
    ///
    /// The corresponding C option is `CURLOPT_SSLCERT`.
    public var clientCertificate: String?

    /// A file with its private key, when that is not in the same file.
    ///
    /// The corresponding C option is `CURLOPT_SSLKEY`.
    public var clientKey: String?

    /// Whether the answer is to say when the server's certificate expires.
    ///
    /// The corresponding C option is `CURLOPT_CERTINFO`.
    public var wantsCertificate = false

    /// Whether only a connection is made and nothing sent; the answer then has the status 0.
    ///
    /// The corresponding C option is `CURLOPT_CONNECT_ONLY`.
    public var onlyConnects = false

    /// The largest body to take, in bytes; nil for any.
    public var bodyLimit: Int?

    /// Makes a GET request; set its other properties before performing it.
    ///
    /// - Parameter url: The URL, `http` or `https`.
    public init(_ url: String) { self.url = url }

    /// Performs the request and collects the body.
    ///
    /// - Returns: The answer, whatever its status.
    /// - Throws: `CurlError` when there is no whole answer: no connection, an untrusted
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

    /// Performs the request and hands the body over in chunks as it arrives.
    ///
    /// - Parameter receive: Takes a chunk of the body and says whether it wants more; when it does
    ///   not, the connection is closed and the answer so far returned.
    /// - Returns: The answer without its body.
    /// - Throws: `CurlError` when there is no whole answer: no connection, an untrusted
    ///   certificate, the timeout, or `.filesizeExceeded` when the body is larger than `bodyLimit`.
    public func perform(_ receive: ([UInt8]) -> Bool) throws(CurlError) -> HTTPResponse {
        try withoutActuallyEscaping(receive) { receive throws(CurlError) in
            try HTTPTransfer(self, receive: receive).perform()
        }
    }
}

internal import Curl

/// The settings of requests; a plain GET by default.
struct RequestOptions {
    /// The method.
    var method = HTTPRequest.Method.get
    /// Header fields.
    var fields: [HTTPField] = []
    /// The body.
    var body: [UInt8] = []
    /// Whether redirects within the same host are followed.
    var followsRedirects = false
    /// Whether the server's certificate is verified.
    var verifiesServer = true
    /// A file with the client's certificate.
    var clientCertificate: String?
    /// A file with its key.
    var clientKey: String?
    /// The socket to connect to instead of the URL's host.
    var unixSocketPath: String?
    /// A file whose first line has the credentials.
    var userFile: UserFile?
    /// The certificate authorities to trust.
    var authorities = CertificateAuthorities.system
}

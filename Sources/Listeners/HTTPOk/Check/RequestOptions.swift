// How a web page is asked for.

internal import Curl

/// How a web page is asked for; a plain GET unless said otherwise.
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
    /// The socket to connect to in place of the URL's host.
    var unixSocketPath: String?
    /// A file whose first line is the login.
    var userFile: UserFile?
    /// Whose certificates are trusted.
    var authorities = CertificateAuthorities.system
}

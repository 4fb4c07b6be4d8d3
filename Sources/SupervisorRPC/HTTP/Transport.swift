internal import Curl
internal import System
internal import Text

/// Sends calls to supervisord and returns the responses, each over its own connection.
///
/// Unix sockets and IP addresses are handled without libcurl, whose loading takes ten times as long
/// as a call. libcurl is used for `https` and for host names that require a DNS lookup.
struct Transport: Sendable {
    private let server: ServerURL
    private let credentials: Credentials?
    private let authorities: CertificateAuthorities

    /// The maximum size of a response: 16 MiB, about ten thousand processes.
    static let answerLimit = 16 * 1024 * 1024

    /// Creates a transport.
    ///
    /// - Parameters:
    ///   - server: The URL of supervisord.
    ///   - credentials: The credentials.
    ///   - authorities: The certificate authorities to trust for `https`.
    init(to server: ServerURL, credentials: Credentials?, authorities: CertificateAuthorities) {
        self.server = server
        self.credentials = credentials
        self.authorities = authorities
    }

    /// Sends a body and waits for the response.
    ///
    /// - Parameters:
    ///   - body: The body, sent as `text/xml`.
    ///   - deadline: The timeout of the whole exchange.
    /// - Returns: The response; its body is included if the status is 200.
    /// - Throws: `ExchangeError`.
    func post(_ body: [UInt8], within deadline: Duration) throws(ExchangeError) -> HTTPResponse {
        guard let endpoint = Endpoint(server) else {
            return try postByCurl(body, within: deadline)
        }
        let connection = try Connection(endpoint, until: .now + deadline)
        defer { connection.close() }
        try connection.send(request(body, to: endpoint))
        var reader = ResponseReader(bodyLimit: Self.answerLimit)
        while !reader.isComplete {
            let bytes = try connection.receive()
            if bytes.isEmpty { try reader.end() } else { try reader.append(bytes) }
        }
        return reader.response
    }

    private func request(_ body: [UInt8], to endpoint: Endpoint) -> [UInt8] {
        var lines = [
            "POST \(endpoint.path) HTTP/1.1", "Host: \(endpoint.host)", "Connection: close",
            "Content-Type: text/xml", "Content-Length: \(body.count)",
        ]
        if let credentials {
            // RFC 7617, section 2.
            let login = Base64.encode("\(credentials.user):\(credentials.password)")
            lines.append("Authorization: Basic \(login)")
        }
        return Array((lines + ["", ""]).joined(separator: "\r\n").utf8) + body
    }

    private func postByCurl(
        _ body: [UInt8], within deadline: Duration
    ) throws(ExchangeError) -> HTTPResponse {
        var request = HTTPRequest(server.url)
        request.method = .post
        request.fields = [HTTPField("Content-Type", "text/xml")]
        request.body = body
        request.credentials = credentials
        request.authorities = authorities
        request.timeout = deadline
        request.bodyLimit = Self.answerLimit
        do throws(CurlError) {
            return try request.perform()
        } catch {
            throw ExchangeError(error)
        }
    }
}

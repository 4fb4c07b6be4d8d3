// Creates the request of a check, and the one after a redirect.

internal import Curl

extension CheckTarget {
    /// Whether the check is a command.
    var isCommand: Bool {
        if case .command = self { true } else { false }
    }

    /// The credentials, from the file or the URL.
    func login(_ options: RequestOptions) throws(UserFile.Fault) -> Credentials? {
        guard case .web(let url) = self else { return nil }
        return try options.userFile?.login() ?? url.login
    }

    /// The request.
    func request(_ options: RequestOptions, login: Credentials?) -> HTTPRequest {
        switch self {
        case .web(let url): Self.request(url, options, login)
        case .port(let url): Self.connection(url.text)
        case .socket(let path): Self.connection("http://localhost/", socket: path)
        case .command: Self.connection("http://localhost/")
        }
    }

    /// The expectation as text.
    func expectation(_ expectation: Expectation) -> String {
        if case .web = self { expectation.description } else { "a connection" }
    }

    private static func connection(_ url: String, socket: String? = nil) -> HTTPRequest {
        var request = HTTPRequest(url)
        request.onlyConnects = true
        request.unixSocketPath = socket
        return request
    }

    private static func request(
        _ url: WebURL, _ options: RequestOptions, _ login: Credentials?
    ) -> HTTPRequest {
        var request = HTTPRequest(url.redacted)
        request.userAgent = "httpok"
        request.method = options.method
        request.fields = options.fields
        request.body = options.body
        request.credentials = login
        request.authorities = options.authorities
        request.verifiesServer = options.verifiesServer
        request.clientCertificate = options.clientCertificate
        request.clientKey = options.clientKey
        request.unixSocketPath = options.unixSocketPath
        return request
    }
}

extension RequestOptions {
    /// The request that follows a redirect.
    ///
    /// - Parameters:
    ///   - request: The redirected request.
    ///   - answer: The response.
    /// - Returns: The request; nil if the response is the result, because it is no redirect, or
    ///   because no redirect is followed (as in superlance), or with `-L` none to another host.
    func redirect(from request: HTTPRequest, _ answer: HTTPResponse) -> HTTPRequest? {
        guard followsRedirects, let target = answer.redirect else { return nil }
        return SameHostRedirect(from: request, status: answer.status, to: target)?.request
    }

    /// The values of header fields, which may be secret.
    var secrets: [String] {
        let harmless: Set = ["host", "accept", "content-type", "user-agent", "accept-language"]
        return fields.filter { !harmless.contains($0.name.lowercased()) && $0.value.utf8.count > 3 }
            .map(\.value)
    }
}

internal import Curl
internal import Text

/// Follows a redirect within the same host.
struct SameHostRedirect {
    /// The maximum number of redirects.
    static let limit = 10

    /// The next request.
    let request: HTTPRequest

    /// Creates the next request.
    ///
    /// Credentials are not sent to another port or scheme, and nothing is sent over `http` after
    /// `https` (as in curl). POST becomes GET as in browsers (RFC 9110, section 15.4).
    ///
    /// - Parameters:
    ///   - request: The redirected request.
    ///   - status: The status of the redirect.
    ///   - target: The absolute target URL. Returns nil for another host.
    init?(from request: HTTPRequest, status: Int, to target: String) {
        guard let old = WebURL(request.url), let new = WebURL(target),
            old.host.isExactly(ignoringCase: new.host), new.isSecure || !old.isSecure
        else { return nil }
        var next = request
        next.url = new.redacted
        if old.port != new.port || old.isSecure != new.isSecure {
            next.credentials = nil
            next.fields.removeAll { field in
                Self.confidential.contains { field.name.isExactly(ignoringCase: $0) }
            }
        }
        let becomesGET = request.method == .post ? (301...303).contains(status) : status == 303
        if becomesGET && request.method != .head {
            next.method = .get
            next.body = []
        }
        self.request = next
    }

    private static let confidential = ["authorization", "cookie"]
}

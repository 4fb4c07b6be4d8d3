// Where a redirect leads, if that is the same host.

internal import Curl
internal import Text

/// The request that follows a redirect within the same host.
struct SameHostRedirect {
    /// How many redirects are followed.
    static let limit = 10

    /// The next request.
    let request: HTTPRequest

    /// Follows a redirect.
    ///
    /// To another port or scheme goes no login, nor to `http` anything that was asked by `https`
    /// (curl does the same). POST becomes GET as in browsers (RFC 9110, section 15.4).
    ///
    /// - Parameters:
    ///   - request: The request that was redirected.
    ///   - status: The status of the redirect.
    ///   - target: Where to, as a whole URL. Nil comes of another host.
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

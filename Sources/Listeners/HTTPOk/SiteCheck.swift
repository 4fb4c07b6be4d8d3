// Asks a web site whether it is well. Runs in a worker.

internal import Curl
internal import EventLoop
internal import Glibc
internal import System
internal import Text

/// Asks a web site whether it is well.
struct SiteCheck {
    /// What the site must answer.
    struct Expectation {
        /// The statuses that are fine.
        let statuses: [Int]
        /// What must stand in the body; nothing if it does not matter.
        let body: [UInt8]?
    }

    /// How the site is.
    enum Finding: Equatable {
        /// As it should be.
        case healthy
        /// The wrong status, or none at all. The text says which.
        case badStatus(String)
        /// The right status and the wrong body.
        case badBody(String)
    }

    let url: WebURL
    let expectation: Expectation
    /// The bound on all of it, from the name look-up of the first attempt to the last byte.
    let timeout: Duration
    let authorities: CertificateAuthorities

    /// How long to wait before a refused connection is tried again.
    private static let pause = Duration.seconds(1)

    /// Asks once; again only while connections are refused, since whoever starts up is not there
    /// yet.
    ///
    /// - Parameter note: Takes the status of an answer, whatever it is.
    /// - Returns: How the site is.
    func run(_ note: (Int) -> Void = { _ in }) -> Finding {
        let end = Instant.now + timeout
        while true {
            var search = StreamSearch(expectation.body ?? [])
            do throws(CurlError) {
                let answer = try request(within: end - .now).perform { chunk in
                    search.feed(chunk)
                    // Once it is found there is nothing more to know.
                    return expectation.body == nil || !search.isFound
                }
                note(answer.status)
                return judge(answer, hasText: search.isFound)
            } catch {
                let isRefused = error.code == .couldntConnect && error.osErrno == ECONNREFUSED
                guard isRefused && Instant.now + Self.pause < end else {
                    return .badStatus(
                        "error contacting \(url.redacted):\n\n \(url.hidingLogin(in: error.message))"
                    )
                }
                sleep(1)
            }
        }
    }

    private func request(within limit: Duration) -> HTTPRequest {
        var request = HTTPRequest(url.text)
        request.userAgent = "httpok"
        request.timeout = max(limit, .milliseconds(1))
        request.authorities = authorities
        return request
    }

    private func judge(_ answer: HTTPResponse, hasText: Bool) -> Finding {
        // A site may say anything, also what it was told in confidence.
        let reason = url.hidingLogin(in: String(answer.reason.prefix(scalars: 200)))
        let text = "status contacting \(url.redacted): \(answer.status) \(reason)"
        guard expectation.statuses.contains(answer.status) else { return .badStatus(text) }
        return hasText ? .healthy : .badBody(text)
    }
}

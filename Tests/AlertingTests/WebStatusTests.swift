// What the answers of web services mean.

import Curl
import System
import Testing

@testable import Alerting

@Suite struct WebStatusTests {
    private let address = WebAddress(
        url: "https://lance:geheim99@example.org/services/T0001/abcdefghij?token=klmnopqr",
        origin: "https://example.org")
    private let now = Timestamp(seconds: 784_111_700)

    private func answer(
        _ status: Int, _ body: String = "", retryAfter: String? = nil
    ) -> HTTPResponse {
        HTTPResponse(
            status: status, reason: "Reason",
            fields: retryAfter.map { [HTTPField("retry-after", $0)] } ?? [],
            body: Array(body.utf8))
    }

    @Test(arguments: [200, 201, 202, 204])
    func `2xx is accepted`(status: Int) {
        #expect(WebStatus.of(answer(status), from: address, at: now) == .accepted)
    }

    @Test(arguments: [408, 425, 429, 500, 502, 503, 504, 599])
    func `a temporary failure is retried`(status: Int) {
        #expect(
            WebStatus.of(answer(status), from: address, at: now)
                == .later("https://example.org returned \(status) Reason"))
    }

    @Test(arguments: [400, 422])
    func `a rejection of the message is final, and the reason quotes the server`(
        status: Int
    ) {
        #expect(
            WebStatus.of(answer(status, " no\n\tsuch  hook "), from: address, at: now)
                == .refused("https://example.org returned \(status) Reason: no such hook"))
    }

    @Test(arguments: [301, 302, 308, 402, 401, 403, 404, 405, 407, 410, 418, 451])
    func `a failure that an operator can fix is retried and names what to check`(status: Int) {
        guard case .blocked(let reason) = WebStatus.of(answer(status), from: address, at: now)
        else {
            Issue.record("\(status) is not tried again")
            return
        }
        let expected = "https://example.org returned \(status) Reason; check the address"
        #expect(reason.hasPrefix(expected))
    }

    @Test func `an alert that is too large is sent again in a smaller form`() {
        #expect(
            WebStatus.of(answer(413), from: address, at: now)
                == .tooLarge("https://example.org returned 413 Reason", isCertain: false))
    }

    @Test func `a pause can be in the body`() {
        let body = #"{"ok":false,"error_code":429,"parameters":{"retry_after":7}}"#
        guard case .later(_, .seconds(8)) = WebStatus.of(answer(429, body), from: address, at: now)
        else {
            Issue.record("no pause")
            return
        }
    }

    @Test(arguments: [
        ("7", 7), ("0", 0), ("-3", 0), ("99999999", 3_600), ("99999999999999999999", 3_600),
        ("-99999999999999999999", nil), ("9223372036854775807", 3_600),
        ("Sun, 06 Nov 9999 2147483647:08:00 GMT", 3_600), ("soon", nil), ("", nil),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 77), ("Sun, 06 Nov 1994 08:00:00 GMT", 0),
        ("Sun, 06 Nov 2094 08:00:00 GMT", 3_600), ("Sun, 06 Non 1994 08:49:37 GMT", nil),
    ])
    func `Retry-After is respected`(field: String, seconds: Int?) {
        let status = WebStatus.of(answer(429, retryAfter: field), from: address, at: now)
        #expect(
            status
                == .later(
                    "https://example.org returned 429 Reason", pause: seconds.map { .seconds($0) }))
    }

    @Test func `secrets that a server repeats are redacted`() {
        let text = "lance:geheim99 at /services/T0001/abcdefghij?token=klmnopqr is gone"
        let words = WebStatus.words(of: Array(text.utf8), from: address)
        for secret in ["geheim99", "abcdefghij", "klmnopqr"] { #expect(!words.contains(secret)) }
    }

    @Test func `an untrusted certificate requires an operator, a refused connection is temporary`()
    {
        let untrusted = CurlError(code: .peerFailedVerification, message: "No trust")
        let down = CurlError(code: .couldntConnect, message: "Refused")
        #expect(
            WebStatus.of(untrusted, from: address)
                == .blocked(
                    "https://example.org: no trust; check the server's certificate and --cacert"))
        #expect(WebStatus.of(down, from: address) == .later("https://example.org: refused"))
    }

    @Test func `a request without a response may have been delivered`() {
        let slow = CurlError(
            code: .operationTimedout, message: "Operation timed out after 9 milliseconds")
        let far = CurlError(
            code: .operationTimedout, message: "Connection timed out after 9 milliseconds")
        let isUncertain = [slow, far].map { error in
            guard case .later(let reason, _) = WebStatus.of(error, from: address) else {
                return false
            }
            return reason.hasSuffix("; it may have been delivered")
        }
        #expect(isUncertain == [true, false])
    }
}

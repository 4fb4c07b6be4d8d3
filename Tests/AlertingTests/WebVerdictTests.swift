// What the answers of web services mean.

import Curl
import System
import Testing

@testable import Alerting

@Suite struct WebVerdictTests {
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

    @Test(arguments: [408, 429, 500, 502, 503, 504])
    func `what passes is tried again`(status: Int) {
        #expect(
            WebStatus.of(answer(status), from: address, at: now)
                == .later("https://example.org said \(status) Reason"))
    }

    @Test(arguments: [301, 302, 400, 401, 403, 404, 410, 413])
    func `what stays is final, and the server's first words are told`(status: Int) {
        #expect(
            WebStatus.of(answer(status, " no\n\tsuch  hook "), from: address, at: now)
                == .refused("https://example.org said \(status) Reason: no such hook"))
    }

    @Test(arguments: [
        ("7", 7), ("0", 0), ("-3", 0), ("99999999", 3_600), ("99999999999999999999", 3_600),
        ("-99999999999999999999", nil), ("9223372036854775807", 3_600),
        ("Sun, 06 Nov 9999 2147483647:08:00 GMT", 3_600), ("soon", nil), ("", nil),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 77), ("Sun, 06 Nov 1994 08:00:00 GMT", 0),
        ("Sun, 06 Nov 2094 08:00:00 GMT", 3_600), ("Sun, 06 Non 1994 08:49:37 GMT", nil),
    ])
    func `Retry-After is obeyed`(field: String, seconds: Int?) {
        let status = WebStatus.of(answer(429, retryAfter: field), from: address, at: now)
        #expect(
            status
                == .later(
                    "https://example.org said 429 Reason", pause: seconds.map { .seconds($0) }))
    }

    @Test func `no secret is told, should a server repeat it`() {
        let text = "lance:geheim99 at /services/T0001/abcdefghij?token=klmnopqr is gone"
        let words = WebStatus.words(of: Array(text.utf8), from: address)
        for secret in ["geheim99", "abcdefghij", "klmnopqr"] { #expect(!words.contains(secret)) }
    }

    @Test func `a certificate that is not trusted is final, a refused connection is not`() {
        let untrusted = CurlError(code: .peerFailedVerification, message: "No trust")
        let down = CurlError(code: .couldntConnect, message: "Refused")
        #expect(
            WebStatus.of(untrusted, from: address) == .refused("https://example.org: no trust"))
        #expect(WebStatus.of(down, from: address) == .later("https://example.org: refused"))
    }
}

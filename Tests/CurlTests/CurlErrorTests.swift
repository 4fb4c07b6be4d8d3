import Testing

@testable import Curl
@testable import Text

struct CurlErrorTests {
    @Test(arguments: [
        ("Empty reply from server", "empty reply from server"),
        (
            "SSL certificate problem: self-signed certificate.\n",
            "SSL certificate problem: self-signed certificate"
        ),
        ("OpenSSL SSL_read: alert", "OpenSSL SSL_read: alert"), ("", "libcurl error 52"),
    ])
    func `the description is one clause`(message: String, expected: String) {
        #expect("\(CurlError(code: .gotNothing, message: message))" == expected)
    }

    @Test func `a login never shows its password`() {
        let login = Credentials(user: "me", password: "hunter2")
        var dumped = ""
        dump(login, to: &dumped)
        #expect("\(login)" == "me:<redacted>")
        #expect(!"\(String(reflecting: login)) \(dumped)".contains("hunter2"))
    }

    @Test(arguments: [
        (Duration.zero, 1), (.seconds(-1), 1), (.microseconds(1), 1), (.microseconds(1500), 2),
        (.seconds(10), 10_000), (.seconds(Int64.max), 864_000_000),
    ])
    func `a timeout is rounded up to milliseconds and is never infinite`(
        timeout: Duration, expected: Int
    ) {
        #expect(EasyHandle.milliseconds(timeout) == expected)
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy"),
    ])
    func `base64 is that of RFC 4648`(text: String, expected: String) {
        #expect(Base64.encode(text) == expected)
    }
}

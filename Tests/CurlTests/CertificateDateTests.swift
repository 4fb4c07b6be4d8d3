import Testing

@testable import Curl

struct CertificateDateTests {
    @Test(arguments: [
        ("Nov 21 08:00:00 2026 GMT", 1_795_248_000), ("Jan  1 00:00:00 1970 GMT", 0),
        ("2026-11-21 08:00:00 GMT", 1_795_248_000), ("Feb 29 23:59:59 2028 GMT", 1_835_481_599),
        ("Dec 31 23:59:59 9999 GMT", 253_402_300_799),
    ])
    func `both of libcurl's formats are parsed`(text: String, seconds: Int) {
        #expect(CertificateDate.seconds(text) == seconds)
    }

    @Test(arguments: [
        "", "GMT", "Nov 21 08:00:00 2026", "Nox 21 08:00:00 2026 GMT", "Nov 99 08:00:00 2026 GMT",
        "Nov 21 08:00:00 99999999999999999999 GMT", "2026-13-21 08:00:00 GMT", "a b c d e f GMT",
    ])
    func `any other text is not a date`(text: String) {
        #expect(CertificateDate.seconds(text) == nil)
    }

    @Test func `the date is found among other lines`() {
        let lines = ["Subject:CN = x", "Expire date:Nov 21 08:00:00 2026 GMT", "Version:3"]
        #expect(CertificateDate.end(in: lines) == 1_795_248_000)
        #expect(CertificateDate.end(in: ["Subject:CN = x"]) == nil)
    }
}

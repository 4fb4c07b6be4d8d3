import Testing

@testable import Curl

struct CertificateAuthoritiesTests {
    @Test(
        arguments: [
            (nil, [:], nil),
            ("/o", ["CURL_CA_BUNDLE": "/c", "SSL_CERT_FILE": "/s"], "/o"),
            (nil, ["CURL_CA_BUNDLE": "/c", "SSL_CERT_FILE": "/s"], "/c"),
            (nil, ["SSL_CERT_FILE": "/s"], "/s"),
            ("", ["CURL_CA_BUNDLE": "", "SSL_CERT_FILE": "/s"], "/s"),
        ] as [(String?, [String: String], String?)])
    func `the option precedes the environment, which precedes libcurl's default`(
        option: String?, environment: [String: String], expected: String?
    ) {
        let chosen = CertificateAuthorities.choose(option: option) { environment[$0] }
        #expect(chosen.file == expected)
    }
}

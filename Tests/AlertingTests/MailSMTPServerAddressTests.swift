import Testing

@testable import Alerting

struct MailSMTPServerAddressTests {
    @Test(arguments: [
        ("localhost", "smtp://localhost:25"),
        ("mail.example.com:587", "smtp://mail.example.com:587"),
        ("192.0.2.1:2525", "smtp://192.0.2.1:2525"),
        ("under_score-host", "smtp://under_score-host:25"),
        ("::1", "smtp://[::1]:25"),
        ("2001:db8::25", "smtp://[2001:db8::25]:25"),
        ("fe80::1%eth0", "smtp://[fe80::1%eth0]:25"),
        ("[::1]", "smtp://[::1]:25"),
        ("[::1]:587", "smtp://[::1]:587"),
        ("smtp://host", "smtp://host:25"),
        ("SMTP://host:26", "smtp://host:26"),
        ("smtp://[::1]:26", "smtp://[::1]:26"),
        ("smtps://host", "smtps://host:465"),
        ("smtps://host:4465", "smtps://host:4465"),
        ("Smtps://[::1]", "smtps://[::1]:465"),
        ("host:1", "smtp://host:1"),
        ("host:65535", "smtp://host:65535"),
        ("bücher.example", "smtp://bücher.example:25"),
    ])
    func `a server address is parsed with its port`(text: String, url: String) throws {
        #expect(try SMTPServerAddress(text).url == url)
    }

    @Test(arguments: [
        ("", SMTPServerAddressError.noHost), (":25", .noHost), ("smtp://", .noHost),
        ("smtps://:465", .noHost), ("host:", .badPort), ("host:0", .badPort),
        ("host:65536", .badPort), ("host:-1", .badPort), ("host:+25", .badPort),
        ("host:smtp", .badPort), ("host:25:26", .badPort), ("host:99999999999999999999", .badPort),
        ("host:٢٥", .badPort), ("[::1]:", .badPort), ("[::1]25", .badHost), ("[::1", .badHost),
        ("[host]:25", .badHost), ("[]", .badHost), ("a b", .badHost), (" host", .badHost),
        ("host\r\nRCPT", .badHost), ("host\0", .badHost), ("ho\tst", .badHost), ("a,b", .badHost),
        ("a\u{200B}", .badHost), ("\u{2018}a\u{2019}", .badHost),
        ("fe80::1%", .badPort), ("smtp://::1", .noHost), ("http://host", .unknownScheme),
        ("://host", .unknownScheme), ("user@host", .userInformation),
        ("smtp://user:secret@host", .userInformation), ("smtp://host/", .path),
        ("host/path", .path), ("host?x", .path), ("host#x", .path), ("ho%73t", .badHost),
    ])
    func `any other address is rejected`(text: String, error: SMTPServerAddressError) {
        #expect(throws: error) { try SMTPServerAddress(text) }
    }

    @Test func `the description of a server is its host and port`() throws {
        #expect("\(SMTPServerAddress.localhost)" == "localhost:25")
        #expect("\(try SMTPServerAddress("[::1]:26"))" == "[::1]:26")
        #expect("\(try SMTPServerAddress("smtps://h"))" == "smtps://h:465")
        #expect(SMTPServerAddress.localhost == (try SMTPServerAddress("localhost")))
    }
}

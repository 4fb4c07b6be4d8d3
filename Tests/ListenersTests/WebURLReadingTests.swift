import Curl
import Testing

@testable import Listeners

/// Which URLs are accepted: none that libcurl would refuse later, on each tick.
struct WebURLReadingTests {
    @Test(arguments: [
        "http://h/", "https://h:8443/a?b#c", "HTTP://H", "http://u:p@h/", "http://u:p%40ss@h/",
        "http://a_b.c-d~e/", "http://[::1]:80/", "http://[fe80::1%25eth0]/", "http://1.2.3.4:080/",
        "http://ä.example/", "http://a%62c/", "http://h/a\\b", "http://u@h/", "http://:p@h/",
    ])
    func `a URL is accepted, and libcurl accepts it too`(text: String) throws {
        #expect(WebURL(text) != nil)
        #expect(try URLSyntax.fault(of: text) == nil)
    }

    @Test(arguments: [
        ("http://user:p@ss@host/", WebURLFault.at), ("http://$HOST:80/", .host("$")),
        ("http://user:pa/ss@host/", .delimiter), ("http://user:pa#ss@host/", .delimiter),
        ("http://ho st/", .space), ("http://h/\n", .space), ("http://h:0/", .port),
        ("http://h:65536/", .port), ("http://h:8o/", .port), ("http://u%0ap@h/", .control),
        ("http://a%20b/", .host(" ")), ("http://a;b/", .host(";")), ("http://a,b/", .host(",")),
        ("http://a*b/", .host("*")), ("http://{h}/", .host("{")), ("http://a%00/", .host("\0")),
        ("http://", .form), ("http:///x", .form), ("h", .form), ("http:/h", .form),
        ("ftp://h/", .form), ("http://[::g]/", .form), ("http://[::1/", .form),
        ("http://[1.2.3.4]/", .form), ("http://[fe80::1%]/", .form), ("http://h\\@x/", .form),
        ("http://[fe80::1%25abcdefghijklmnop]/", .form),
    ])
    func `a URL is rejected with what to change`(text: String, fault: WebURLFault) {
        #expect(throws: fault) { try WebURL(reading: text) }
    }

    @Test(arguments: 0..<20)
    func `libcurl accepts every URL that we accept`(seed: UInt64) throws {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(truncatingIfNeeded: state >> 33) % bound
        }
        let parts = [
            "a", "b.c", ":", "@", "/", "?", "#", "[", "]", "%", "25", "41", "00", "0a", "8", "80",
            ".",
            "-", "_", "~", "$", "&", "'", "(", "|", "\\", "\"", "^", "`", "<", ";", "=", "::1", "ü",
            "。", "\u{301}", "\u{AD}", "%25", "u:p@", "fe80::1", "{", "!", "*", "+", ",",
        ]
        for _ in 0..<500 {
            let text = "http://" + (0...next(7)).map { _ in parts[next(parts.count)] }.joined()
            guard WebURL(text) != nil else { continue }
            #expect(try URLSyntax.fault(of: text) == nil, "\(text)")
        }
    }
}

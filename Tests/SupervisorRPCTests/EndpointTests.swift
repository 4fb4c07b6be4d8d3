import Testing

@testable import SupervisorRPC

/// Where a server URL leads without a name server.
@Suite struct EndpointTests {
    @Test(arguments: [
        ("http://127.0.0.1:9001", [Endpoint.Target.port(9001, address: "127.0.0.1")]),
        ("http://127.0.0.1/x", [.port(80, address: "127.0.0.1")]),
        ("http://[::1]:9001", [.port(9001, address: "::1")]),
        ("http://[::1]", [.port(80, address: "::1")]),
        (
            "http://me:pw@LocalHost:1",
            [.port(1, address: "127.0.0.1"), .port(1, address: "::1")]
        ),
        ("unix:///run/a b.sock", [.socket(path: "/run/a b.sock")]),
    ])
    func `a socket and an address are spoken to directly`(
        _ url: String, _ targets: [Endpoint.Target]
    ) throws {
        #expect(Endpoint(try ServerURL(url))?.targets == targets)
    }

    @Test(arguments: [
        "https://127.0.0.1:9001", "http://example.org:9001", "http://127.1", "http://a:9001",
    ])
    func `libcurl has the rest`(_ url: String) throws {
        #expect(Endpoint(try ServerURL(url)) == nil)
    }

    @Test func `host and path are those of the URL`() throws {
        let endpoint = try #require(Endpoint(try ServerURL("http://me:pw@127.0.0.1:9001/a/b")))
        #expect(endpoint.host == "127.0.0.1:9001")
        #expect(endpoint.path == "/a/b")
        #expect(Endpoint(try ServerURL("unix:///run/s"))?.host == "localhost")
    }
}

import TestSupport
import Testing

@testable import Curl

@Suite struct HelloNameTests {
    @Test(arguments: [
        ("web1.example.org", "", "web1.example.org"),
        ("web1", "127.0.1.1 web1.example.org web1", "web1.example.org"),
        ("web1", "10.0.0.7 web1 web1.example.org # web1.example.net", "web1.example.org"),
        ("web1", "#10.0.0.7 web1 web1.example.org", "[10.0.0.7]"),
        ("web1", "10.0.0.8 web2.example.org web2", "[10.0.0.7]"),
        ("web1", "", "[10.0.0.7]"), ("localhost.localdomain", "", "[10.0.0.7]"),
        ("web1.", "", "[10.0.0.7]"), ("a b.c", "", "[10.0.0.7]"), ("a\r\n.c", "", "[10.0.0.7]"),
        ("", "", "[10.0.0.7]"),
    ])
    func `it is a name with a dot, else an address`(host: String, hosts: String, name: String) {
        #expect(HelloName(host: host, hosts: hosts, address: "10.0.0.7").text == name)
    }

    @Test(
        arguments: [
            (nil, "[127.0.0.1]"), ("2001:db8::1", "[IPv6:2001:db8::1]"),
        ] as [(String?, String)])
    func `an address is a literal`(address: String?, name: String) {
        #expect(HelloName(host: "vm", hosts: "", address: address).text == name)
    }

    @Test func `a server gets it as it is`() throws {
        struct Delivery: Decodable { var hello: String }
        let server = try PythonServer("mail_server.py")
        let receipts = SMTPServer(host: "127.0.0.1", port: server.port).send(
            from: "me@example.org", to: ["a@example.org"], message: Array("x".utf8))
        #expect(receipts.count == 1)
        #expect(try server.line(as: Delivery.self).hello == HelloName.current.text)
    }
}

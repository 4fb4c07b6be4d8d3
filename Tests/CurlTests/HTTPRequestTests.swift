import Foundation
import System
import TestSupport
import Testing

@testable import Curl
@testable import Text

struct HTTPRequestTests {
    private let server: PythonServer

    init() throws { server = try PythonServer("http_server.py") }

    private func request(_ path: String, user: String = "") -> HTTPRequest {
        HTTPRequest("http://\(user)127.0.0.1:\(server.port)\(path)")
    }

    @Test func `a GET returns status, reason and body`() throws {
        let response = try request("/ok").perform()
        #expect(response.status == 200)
        #expect(response.reason == "OK")
        #expect(response.body == Array("hello".utf8))
    }

    @Test func `a 500 is a response with its reason and fields, not an error`() throws {
        let response = try request("/status/500").perform()
        #expect(response.status == 500)
        #expect(response.reason == "Everything Is Broken")
        #expect(response["x-WHO"] == "me")
        #expect(response["X-Two"] == "b")
        #expect(response["X-Three"] == nil)
    }

    @Test func `a status line may lack its reason`() throws {
        let response = try request("/noreason").perform()
        #expect(response.status == 299)
        #expect(response.reason == "")
    }

    @Test func `interim responses are skipped`() throws {
        let response = try request("/interim").perform()
        #expect(response.status == 200)
        #expect(response.reason == "Fine")
        #expect(response["Link"] == nil)
    }

    @Test(arguments: [("/spaces", "OK"), ("/nospace", "OK"), ("/trailer", "Fine")])
    func `the status is the one that libcurl reads`(path: String, reason: String) throws {
        let response = try request(path).perform()
        #expect(response.status == 200)
        #expect(response.reason == reason)
    }

    @Test(arguments: ["/short", "/badchunk", "/twolengths", "/stalled", "/drip"])
    func `a status is sufficient where the body is not required`(path: String) throws {
        var request = request(path)
        request.bodyTimeout = .milliseconds(50)
        #expect(try request.perform().status == 200)
    }

    @Test(arguments: ["/drop", "/status/2000"])
    func `without a status there is no response, even where the body is not required`(
        path: String
    ) {
        var request = request(path)
        request.bodyTimeout = .milliseconds(50)
        #expect(throws: CurlError.self) { try request.perform() }
    }

    @Test func `a trailer adds fields`() throws {
        #expect(try request("/trailer").perform()["X-End"] == "1")
    }

    @Test func `a redirect is not followed, and its target is returned`() throws {
        let response = try request("/redirect").perform()
        #expect(response.status == 302)
        #expect(response["location"] == "/ok")
        #expect(response.redirect == "http://127.0.0.1:\(server.port)/ok")
        #expect(try request("/ok").perform().redirect == nil)
    }

    @Test(arguments: [
        (HTTPRequest.Method.other("PUT"), "a=b", "PUT"), (.other("DELETE"), "", "DELETE"),
        (.get, "a=b", "GET"), (.post, "", "POST"),
    ])
    func `a method is sent unchanged, with or without a body`(
        method: HTTPRequest.Method, body: String, word: String
    ) throws {
        var request = request("/echo")
        request.method = method
        request.body = Array(body.utf8)
        let text = String(decoding: try request.perform().body, as: UTF8.self)
        #expect(text.hasPrefix("\(word) /echo HTTP/1.1\n"))
        #expect(text.hasSuffix("\r\n\r\n\(body)"))
        if !body.isEmpty {
            #expect(text.contains("Content-Type: application/x-www-form-urlencoded"))
        }
    }

    @Test func `a HEAD does not wait for a body`() throws {
        var request = request("/ok")
        request.method = .head
        let response = try request.perform()
        #expect(response.status == 200)
        #expect(response.body.isEmpty)
    }

    @Test func `a request can connect only`() throws {
        var request = request("/silent")
        request.onlyConnects = true
        #expect(try request.perform().status == 0)
        let error = #expect(throws: CurlError.self) {
            var request = HTTPRequest("http://127.0.0.1:1/")
            request.onlyConnects = true
            _ = try request.perform()
        }
        #expect(error?.osErrno == ECONNREFUSED)
    }

    @Test func `a GET sends a user agent and requests no compression`() throws {
        var request = request("/echo")
        request.userAgent = "httpok"
        request.fields = [HTTPField("X-One", "1"), HTTPField("X-Empty", "")]
        let text = String(decoding: try request.perform().body, as: UTF8.self)
        #expect(
            text == """
                GET /echo HTTP/1.1
                Host: 127.0.0.1:\(server.port)
                User-Agent: httpok
                Accept: */*
                X-One: 1
                X-Empty:\("")\r\n\r\n
                """)
    }

    @Test func `a POST sends all bytes, including zeros`() throws {
        var request = request("/echo")
        request.method = .post
        request.fields = [HTTPField("Content-Type", "text/xml")]
        request.body = Array("a\0b".utf8)
        let text = String(decoding: try request.perform().body, as: UTF8.self)
        #expect(text.hasPrefix("POST /echo HTTP/1.1\n"))
        #expect(text.contains("\nContent-Length: 3"))
        #expect(text.contains("\nContent-Type: text/xml"))
        #expect(!text.contains("Expect"))
        #expect(text.hasSuffix("\r\n\r\na\0b"))
    }

    @Test func `a large POST is not delayed by Expect`() throws {
        var request = request("/echo")
        request.method = .post
        request.body = [UInt8](repeating: 120, count: 3_000_000)
        let body = try request.perform().body
        #expect(body.count > 3_000_000)
        #expect(!String(decoding: body.prefix(500), as: UTF8.self).contains("Expect"))
    }

    @Test func `credentials in the URL are used for basic authentication`() throws {
        let text = String(
            decoding: try request("/echo", user: "me:s%40crt@").perform().body, as: UTF8.self)
        #expect(text.contains("Authorization: Basic \(Base64.encode("me:s@crt"))"))
    }

    @Test func `separate credentials are used for basic authentication`() throws {
        var request = request("/echo")
        request.credentials = Credentials(user: "me", password: "a:b@c")
        let text = String(decoding: try request.perform().body, as: UTF8.self)
        #expect(text.contains("Authorization: Basic \(Base64.encode("me:a:b@c"))"))
    }

    @Test(arguments: ["/drip", "/silent", "/endless"])
    func `the timeout limits the whole transfer`(path: String) throws {
        var request = request(path)
        request.timeout = .milliseconds(400)
        let start = ContinuousClock.now
        let error = #expect(throws: CurlError.self) { try request.perform { _ in true } }
        #expect(error?.code == .operationTimedout)
        #expect(ContinuousClock.now - start < .seconds(3))
    }

    @Test func `a body over the limit has its own error`() throws {
        var request = request("/endless")
        request.bodyLimit = 100_000
        var received = 0
        let error = #expect(throws: CurlError.self) {
            try request.perform {
                received += $0.count
                return true
            }
        }
        #expect(error?.code == .filesizeExceeded)
        #expect(error?.description == "the response is larger than 100000 bytes")
        #expect(received <= 100_000)
    }

    @Test func `a receiver can end the transfer successfully`() throws {
        var request = request("/endless")
        request.bodyLimit = 1_000_000
        var received = 0
        let response = try request.perform {
            received += $0.count
            return received < 50_000
        }
        #expect(response.status == 200)
        #expect(received >= 50_000)
    }

    @Test func `an incomplete body is an error`() throws {
        let error = #expect(throws: CurlError.self) { try request("/short").perform() }
        #expect(error?.code == .partialFile)
    }

    @Test func `a connection that closes without a response is an error`() throws {
        let error = #expect(throws: CurlError.self) { try request("/drop").perform() }
        #expect(error?.code == .gotNothing)
        #expect(error?.description == "empty reply from server")
    }

    @Test func `the error of a refused connection includes errno`() throws {
        let error = #expect(throws: CurlError.self) {
            try HTTPRequest("http://127.0.0.1:1/").perform()
        }
        #expect(error?.code == .couldntConnect)
        #expect(error?.osErrno == ECONNREFUSED)
    }

    @Test(arguments: ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/"])
    func `protocols other than HTTP are rejected`(url: String) {
        let error = #expect(throws: CurlError.self) { try HTTPRequest(url).perform() }
        #expect(error?.code == .unsupportedProtocol)
    }

    @Test(arguments: ["http://127.0.0.1:1/\r\nX: y", "http://127.0.0.1:1/\0"])
    func `line breaks and NUL in a text are rejected`(url: String) {
        let error = #expect(throws: CurlError.self) { try HTTPRequest(url).perform() }
        #expect(error?.code == .badFunctionArgument)
    }

    @Test func `an IPv6 address is reached`() throws {
        let server = try PythonServer("http_server.py", "--ipv6")
        #expect(try HTTPRequest("http://[::1]:\(server.port)/ok").perform().status == 200)
    }

    @Test func `a Unix socket is reached`() throws {
        let path = "/tmp/curl-tests-\(UUID().uuidString.prefix(8)).sock"
        defer { unlink(path) }
        let server = try PythonServer("http_server.py", "--unix", path)
        var request = HTTPRequest("http://localhost/ok")
        request.unixSocketPath = path
        #expect(try request.perform().body == Array("hello".utf8))
        withExtendedLifetime(server) {}
    }

    @Test(arguments: [("ENOENT", ENOENT, nil), ("ECONNREFUSED", ECONNREFUSED, "")])
    func `the error of a closed socket includes errno`(
        name: String, number: Int32, content: String?
    ) throws {
        let path = "/tmp/curl-tests-\(UUID().uuidString.prefix(8)).sock"
        defer { unlink(path) }
        try content?.write(toFile: path, atomically: false, encoding: .utf8)
        var request = HTTPRequest("http://localhost/ok")
        request.unixSocketPath = path
        let error = #expect(throws: CurlError.self) { try request.perform() }
        #expect(error?.code == .couldntConnect)
        #expect(error?.osErrno == number)
    }
}

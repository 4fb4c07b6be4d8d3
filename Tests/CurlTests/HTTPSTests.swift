import Foundation
import TestSupport
import Testing

@testable import Curl

struct HTTPSTests {
    private let server: PythonServer

    init() throws { server = try PythonServer("http_server.py", "--tls") }

    @Test func `a certificate of the given authority is accepted`() throws {
        var request = HTTPRequest("https://127.0.0.1:\(server.port)/ok")
        request.authorities = CertificateAuthorities(file: server.facts.ca)
        #expect(try request.perform().status == 200)
    }

    @Test func `a certificate of an unknown authority is rejected`() throws {
        let request = HTTPRequest("https://127.0.0.1:\(server.port)/ok")
        let error = #expect(throws: CurlError.self) { try request.perform() }
        #expect(error?.code == .peerFailedVerification)
        #expect(
            error?.description.hasPrefix("SSL certificate problem: self-signed certificate")
                == true)
    }

    @Test func `a certificate for another name is rejected`() throws {
        let server = try PythonServer("http_server.py", "--tls", "--names", "DNS:example.org")
        var request = HTTPRequest("https://127.0.0.1:\(server.port)/ok")
        request.authorities = CertificateAuthorities(file: server.facts.ca)
        let error = #expect(throws: CurlError.self) { try request.perform() }
        #expect(error?.code == .peerFailedVerification)
    }

    @Test func `a missing file of authorities has its own error`() throws {
        var request = HTTPRequest("https://127.0.0.1:\(server.port)/ok")
        request.authorities = CertificateAuthorities(file: "/nonexistent/ca.pem")
        let error = #expect(throws: CurlError.self) { try request.perform() }
        #expect(error?.code == .sslCACertBadfile)
    }

    @Test func `any certificate is accepted without verification`() throws {
        var request = HTTPRequest("https://127.0.0.1:\(server.port)/ok")
        request.verifiesServer = false
        #expect(try request.perform().status == 200)
    }

    @Test func `the expiry date of a certificate is returned on request`() throws {
        var request = HTTPRequest("https://127.0.0.1:\(server.port)/ok")
        request.authorities = CertificateAuthorities(file: server.facts.ca)
        #expect(try request.perform().certificateEnd == nil)
        request.wantsCertificate = true
        let end = try #require(try request.perform().certificateEnd)
        #expect((0...400 * 86_400).contains(end - time(nil)))
    }

    @Test func `an unreadable client certificate has its own error`() {
        var request = HTTPRequest("https://127.0.0.1:\(server.port)/ok")
        request.verifiesServer = false
        request.clientCertificate = "/nonexistent/client.pem"
        let error = #expect(throws: CurlError.self) { try request.perform() }
        #expect(error?.code == .sslCertproblem)
    }
}

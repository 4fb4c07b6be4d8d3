import Foundation

/// A web server on a free loopback port whose responses a test controls.
package final class HTTPSite {
    private let server: HelperServer
    private let host: String
    package let port: Int
    /// The certificate, with TLS only.
    package let certificate: TestCertificate?

    /// Starts a site; one that does not listen rejects connections until `start`.
    package init(
        tls: Bool = false, listening: Bool = true, host: String = "127.0.0.1",
        socket: String? = nil
    ) throws {
        self.host = host
        certificate = tls ? try TestCertificate() : nil
        let options = Options(
            certificate: certificate?.certificate, key: certificate?.key, listening: listening,
            host: host, socket: socket)
        let argument = String(decoding: try JSONEncoder().encode(options), as: UTF8.self)
        server = try HelperServer("http_site.py", [argument])
        port = try server.greeting(HelperServer.Port.self).port
    }

    package var url: String { url(login: "") }

    /// The site's URL with credentials such as `user:password@`.
    package func url(login: String) -> String {
        let name = host.contains(":") ? "[\(host)]" : host
        return "\(certificate == nil ? "http" : "https")://\(login)\(name):\(port)/"
    }

    /// Sets the behaviour for further requests.
    package func behave(_ behaviour: Behaviour) throws {
        try server.tell(["behave": behaviour])
    }

    /// Rejects connections; the port stays reserved.
    package func stop() throws {
        try server.tell(["listen": false])
    }

    /// Accepts connections.
    package func start() throws {
        try server.tell(["listen": true])
    }

    /// The requests so far, in order.
    package func requests() throws -> [Request] {
        try server.ask(["requests": true], for: [Request].self)
    }

    /// Waits for a number of requests.
    package func waitForRequests(_ count: Int, within duration: Duration = patience) throws {
        try eventually("\(count) requests", within: duration) { try requests().count >= count }
    }

    private struct Options: Encodable {
        let certificate: String?
        let key: String?
        let listening: Bool
        let host: String
        let socket: String?
    }
}

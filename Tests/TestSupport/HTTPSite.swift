// A web site of the test's own, for httpok to look at.

import Foundation

/// A web server on a free port of this machine that answers, or fails to, as told.
package final class HTTPSite {
    private let server: HelperServer
    private let host: String
    package let port: Int
    /// Present where there is TLS.
    package let certificate: TestCertificate?

    /// Starts a site; one that does not listen refuses connections until `start`.
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

    /// The site's address with a login before the host, such as `user:password@`.
    package func url(login: String) -> String {
        let name = host.contains(":") ? "[\(host)]" : host
        return "\(certificate == nil ? "http" : "https")://\(login)\(name):\(port)/"
    }

    /// Requests are treated like that from now on.
    package func behave(_ behaviour: Behaviour) throws {
        try server.tell(["behave": behaviour])
    }

    /// Refuses connections; the port remains ours.
    package func stop() throws {
        try server.tell(["listen": false])
    }

    /// Listens.
    package func start() throws {
        try server.tell(["listen": true])
    }

    /// The requests so far, in order.
    package func requests() throws -> [Request] {
        try server.ask(["requests": true], for: [Request].self)
    }

    /// Waits for that many requests.
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

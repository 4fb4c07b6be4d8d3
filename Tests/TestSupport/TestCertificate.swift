// Certificates nobody else trusts.

/// A certificate authority made on the spot, and a certificate of it for localhost and 127.0.0.1.
package final class TestCertificate {
    private let directory: TemporaryDirectory

    /// The authority's certificate, to be trusted by a client.
    package var authority: String { directory.path("ca.pem") }
    package var certificate: String { directory.path("server.pem") }
    package var key: String { directory.path("server.key") }

    package init() throws {
        directory = try TemporaryDirectory()
        let new = [
            "/usr/bin/openssl", "req", "-x509", "-days", "2", "-nodes", "-newkey", "ec",
            "-pkeyopt", "ec_paramgen_curve:prime256v1",
        ]
        try ChildProcess.run(
            new + [
                "-subj", "/CN=superlance test authority", "-keyout", directory.path("ca.key"),
                "-out", authority,
            ])
        try ChildProcess.run(
            new + [
                "-subj", "/CN=localhost", "-CA", authority, "-CAkey", directory.path("ca.key"),
                "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                "-addext", "basicConstraints=critical,CA:FALSE", "-keyout", key,
                "-out", certificate,
            ])
    }
}

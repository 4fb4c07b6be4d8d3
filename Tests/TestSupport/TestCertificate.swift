/// A new certificate authority, and a certificate issued by it for localhost and 127.0.0.1.
package final class TestCertificate {
    private let directory: TemporaryDirectory

    /// The certificate of the authority, for clients to trust.
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

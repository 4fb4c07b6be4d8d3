/// msmtp, a common sendmail on small machines, configured for a test's SMTP server.
package final class Msmtp {
    private let directory: TemporaryDirectory

    /// The value for `--sendmail_program`.
    package var command: String {
        "/usr/bin/msmtp --file=\(directory.path("msmtprc")) --read-recipients"
    }

    package init(to server: MailServer, user: String? = nil, password: String? = nil) throws {
        directory = try TemporaryDirectory()
        var lines = [
            "host localhost", "port \(server.port)", "from msmtp@example.org", "timeout 30",
        ]
        if let certificate = server.certificate {
            lines += ["tls on", "tls_trust_file \(certificate.authority)"]
            lines.append("tls_starttls \(server.security == .startTLS ? "on" : "off")")
        }
        if let user, let password {
            lines += ["auth on", "user \(user)", "password \(password)"]
        }
        let settings = ["defaults", "account default"] + lines + [""]
        try directory.write("msmtprc", settings.joined(separator: "\n"), mode: 0o600)
    }
}

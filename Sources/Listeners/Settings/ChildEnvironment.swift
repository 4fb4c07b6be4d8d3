internal import Glibc

/// The environment that children may have: mail commands, programs that make core files, and every
/// other command.
///
/// Secrets come to a listener in its environment, and a command that is compromised, or only logs its
/// environment, must not have them. So there is a list of what children get, and everything else is
/// removed from the environment of this process.
enum ChildEnvironment {
    /// What programs need to find their files, to write in the user's language and time, and to reach
    /// servers; and who of supervisord's processes they belong to.
    static let names: Set<String> = [
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "PWD", "TMPDIR", "TERM", "LANG", "LANGUAGE",
        "TZ", "TZDIR", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "LD_LIBRARY_PATH", "RES_OPTIONS",
        "LOCALDOMAIN", "HOSTALIASES", "SSL_CERT_DIR", "SSL_CERT_FILE", "CURL_CA_BUNDLE",
        "OPENSSL_CONF", "SUPERVISOR_ENABLED", "SUPERVISOR_PROCESS_NAME", "SUPERVISOR_GROUP_NAME",
    ]

    /// Removes everything else from the environment of this process.
    ///
    /// What held a secret is overwritten, since `/proc/PID/environ` shows that memory.
    ///
    /// - Parameter passed: The names of further variables that children may have.
    static func restrict(passing passed: [String]) {
        let secrets = Set(
            DeliveryOptions.variables + [
                "SUPERLANCE_SMTP_PASSWORD", "SUPERVISOR_PASSWORD", "SUPERVISOR_SERVER_URL",
            ])
        for name in MisspeltVariables.inForce where !isAllowed(name) && !passed.contains(name) {
            if secrets.contains(name) { overwrite(name) }
            unsafe unsetenv(name)
        }
    }

    private static func isAllowed(_ name: String) -> Bool {
        names.contains(name) || name.utf8.starts(with: "LC_".utf8)
    }

    private static func overwrite(_ name: String) {
        guard var place = unsafe getenv(name) else { return }
        while unsafe place.pointee != 0 {
            unsafe place.pointee = CChar(UInt8(ascii: "x"))
            unsafe place += 1
        }
    }
}

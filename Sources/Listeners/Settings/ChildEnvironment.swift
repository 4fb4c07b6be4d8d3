internal import Glibc

/// The environment of child processes: mail commands, core dump programs and all other commands.
///
/// A listener's environment contains secrets, which a compromised command, or one that merely logs
/// its environment, must not see. Therefore children get only the listed variables; all others are
/// removed from this process's environment.
enum ChildEnvironment {
    /// The variables that programs need to find files, to use the user's language and time zone,
    /// and to connect to servers; and those that identify supervisord's process.
    static let names: Set<String> = [
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "PWD", "TMPDIR", "TERM", "LANG", "LANGUAGE",
        "TZ", "TZDIR", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "LD_LIBRARY_PATH", "RES_OPTIONS",
        "LOCALDOMAIN", "HOSTALIASES", "SSL_CERT_DIR", "SSL_CERT_FILE", "CURL_CA_BUNDLE",
        "OPENSSL_CONF", "SUPERVISOR_ENABLED", "SUPERVISOR_PROCESS_NAME", "SUPERVISOR_GROUP_NAME",
    ]

    /// Removes all other variables from this process's environment.
    ///
    /// Values of secrets are overwritten, because `/proc/PID/environ` shows that memory.
    ///
    /// - Parameter passed: The names of additional variables to keep.
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

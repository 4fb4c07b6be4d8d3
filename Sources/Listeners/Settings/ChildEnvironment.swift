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
    /// Their values are overwritten, because `/proc/PID/environ` shows that memory: a secret may be
    /// in any variable, such as one whose name is misspelt.
    ///
    /// - Parameter passed: The names of additional variables to keep.
    static func restrict(passing passed: [String]) {
        let removed = MisspeltVariables.inForce.filter { !isAllowed($0) && !passed.contains($0) }
        var entry = unsafe environ
        while !removed.isEmpty, let text = unsafe entry.pointee {
            if let value = unsafe strchr(text, Int32(UInt8(ascii: "="))),
                removed.contains(unsafe name(of: text))
            {
                unsafe overwrite(value + 1)
            }
            unsafe entry += 1
        }
        for name in removed { unsafe unsetenv(name) }
    }

    private static func name(of entry: UnsafePointer<CChar>) -> String {
        let text = unsafe String(cString: entry)
        return String(Substring(text.utf8.prefix { $0 != UInt8(ascii: "=") }))
    }

    private static func isAllowed(_ name: String) -> Bool {
        names.contains(name) || name.utf8.starts(with: "LC_".utf8)
    }

    private static func overwrite(_ value: UnsafeMutablePointer<CChar>) {
        var place = unsafe value
        while unsafe place.pointee != 0 {
            unsafe place.pointee = CChar(UInt8(ascii: "x"))
            unsafe place += 1
        }
    }
}

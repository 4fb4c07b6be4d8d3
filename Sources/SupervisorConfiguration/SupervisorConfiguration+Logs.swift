// Finds logs that supervisord cannot rotate.

internal import Glibc
internal import Text

extension SupervisorConfiguration {
    /// A log in a pipe or device whose position supervisord asks for before it writes, because it
    /// is to be rotated; that call fails (lseek(2), ESPIPE).
    package struct UnseekableLog: Hashable {
        /// The section.
        package let section: String
        /// The setting, such as `stdout_logfile`.
        package let key: String
        /// Its value.
        package let path: String
    }

    /// The logs that supervisord cannot rotate.
    ///
    /// - Parameter programs: The programs of this configuration.
    /// - Returns: The logs in the order of the sections, that of supervisord first.
    package mutating func unseekableLogs(_ programs: [ConfiguredProgram]) -> [UnseekableLog] {
        var logs: [UnseekableLog] = []
        func add(_ section: String, _ key: String, _ path: String?, _ size: String?) {
            guard let path, Self.isUnseekable(path), !SettingKind.isZeroSize(size ?? "50MB") else {
                return
            }
            logs.append(UnseekableLog(section: section, key: key, path: path))
        }
        if let section = self["supervisord"] {
            add(
                section.name, "logfile", value("logfile", of: section),
                value("logfile_maxbytes", of: section))
        }
        for program in programs {
            let settings = program.settings
            // Then supervisord ignores the log of standard error.
            let isMerged = settings["redirect_stderr"].map(SettingKind.isTrue) ?? false
            for key in isMerged ? ["stdout_logfile"] : ["stdout_logfile", "stderr_logfile"] {
                add(program.section.name, key, settings[key], settings["\(key)_maxbytes"])
            }
        }
        return logs
    }

    /// Whether a path is that of a standard stream, a terminal or a named pipe.
    private static func isUnseekable(_ path: String) -> Bool {
        let devices = ["/dev/std", "/dev/fd/", "/dev/tty", "/dev/pts/", "/dev/console"]
        if devices.contains(where: path.hasPrefix) { return true }
        if path.hasPrefix("/proc/"), path.containsText("/fd/") { return true }
        var status = stat()
        guard path.hasPrefix("/"), unsafe stat(path, &status) == 0 else { return false }
        return status.st_mode & S_IFMT == S_IFIFO
    }
}

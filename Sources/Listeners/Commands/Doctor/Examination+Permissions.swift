// Reports files that supervisord cannot create after it has changed its user.

internal import Glibc
internal import SupervisorConfiguration
internal import System

extension Examination {
    /// Checks with `user=` of `[supervisord]`, and if this process may switch to that user, whether
    /// that user can write the logs and the socket.
    mutating func examinePermissions(_ programs: [ConfiguredProgram]) {
        guard let section = configuration["supervisord"], geteuid() == 0,
            let user = configuration.value("user", of: section),
            let identity = UserIdentity(named: user), identity.user != 0
        else { return }
        let start = "supervisord does not start"
        report(configuration.value("logfile", of: section), "logfile", in: section, start, identity)
        if let server = configuration["unix_http_server"] {
            report(configuration.value("file", of: server), "file", in: server, start, identity)
        }
        for program in programs {
            for key in ["stdout_logfile", "stderr_logfile"] {
                report(
                    program.settings[key], key, in: program.section,
                    "\(program.section.ownName ?? "it") does not start", identity)
            }
        }
    }

    private mutating func report(
        _ path: String?, _ key: String, in section: ConfigurationSection, _ consequence: String,
        _ identity: UserIdentity
    ) {
        guard let path, path.hasPrefix("/"), !path.hasPrefix("/dev/"), !path.hasPrefix("/proc/")
        else { return }
        // A socket is created under another name and then renamed.
        let exists = unsafe access(path, F_OK) == 0
        let isFile = key != "file" && exists
        let place = isFile ? path : path.parentDirectory
        let mode = isFile ? W_OK : W_OK | X_OK
        guard UserIdentity.access(place, mode, as: identity) == EACCES else { return }
        let name = UserName.orNumber(of: identity.user)
        add(
            section.name, "user", .fault,
            "user \(name) cannot write to \(place) for \(key)=, so \(consequence): run chown \(name) "
                + "\(place), or choose another directory")
    }
}

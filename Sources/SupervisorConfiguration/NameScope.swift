/// Which names a setting of a program may use besides `%(here)s` and `%(ENV_x)s`: supervisord reads
/// some settings before it knows the others (`supervisor/options.py`).
enum NameScope {
    /// None.
    case none
    /// The program's name.
    case name
    /// The names of the program, its group and the host.
    case program
    /// Also the process's number, and the variables of the program's own `environment=`.
    case process

    /// Determines the scope of a setting.
    ///
    /// - Parameters:
    ///   - key: The setting.
    ///   - kind: The kind of its section.
    init(of key: String, in kind: String) {
        let early: Set =
            switch kind {
            case "eventlistener":
                ["priority", "buffer_size", "result_handler", "events", "redirect_stderr"]
            case "fcgi-program":
                ["priority", "user", "socket_backlog", "socket_owner", "socket_mode"]
            default: ["priority"]
            }
        if early.contains(key) {
            self = .none
        } else if kind == "fcgi-program" && key == "socket" {
            self = .name
        } else {
            self = Self.late.contains(key) ? .process : .program
        }
    }

    /// The settings that supervisord reads for each process.
    private static let late: Set = [
        "directory", "stdout_logfile", "stdout_logfile_backups", "stdout_logfile_maxbytes",
        "stdout_syslog", "stderr_logfile", "stderr_logfile_backups", "stderr_logfile_maxbytes",
        "stderr_syslog",
    ]
}

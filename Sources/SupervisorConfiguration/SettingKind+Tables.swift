// What each section's settings require (Supervisor manual, "Configuration File").

extension SettingKind {
    /// The settings of `[supervisord]`.
    static let ofSupervisord: [String: SettingKind] = [
        "logfile": .file, "logfile_maxbytes": .byteSize, "logfile_backups": .integer(),
        "loglevel": .logLevel, "pidfile": .file, "umask": .octal, "nodaemon": .boolean,
        "silent": .boolean, "minfds": .fileCount, "minprocs": .integer(), "nocleanup": .boolean,
        "childlogdir": .directory, "user": .user, "directory": .directory, "strip_ansi": .boolean,
        "identifier": .text,
    ]

    /// The settings of `[unix_http_server]` and `[inet_http_server]`.
    static let ofServers: [String: SettingKind] = [
        "file": .socketFile, "chmod": .octal, "chown": .owner, "port": .port, "username": .text,
        "password": .text,
    ]

    /// The settings of programs and event listeners.
    static let ofPrograms: [String: SettingKind] = [
        "priority": .integer(), "autostart": .boolean, "autorestart": .restart,
        "startsecs": .integer(), "startretries": .integer(), "stopsignal": .signal,
        "stopwaitsecs": .integer(), "stopasgroup": .boolean, "killasgroup": .boolean,
        "exitcodes": .exitStatuses, "redirect_stderr": .boolean, "numprocs": .integer(),
        "numprocs_start": .integer(), "user": .user, "umask": .octal,
        "stdout_logfile": .logFile, "stdout_logfile_maxbytes": .byteSize,
        "stdout_logfile_backups": .integer(), "stdout_capture_maxbytes": .byteSize,
        "stdout_events_enabled": .boolean, "stdout_syslog": .boolean,
        "stderr_logfile": .logFile, "stderr_logfile_maxbytes": .byteSize,
        "stderr_logfile_backups": .integer(), "stderr_capture_maxbytes": .byteSize,
        "stderr_events_enabled": .boolean, "stderr_syslog": .boolean,
    ]

    /// The additional settings of event listeners.
    static let ofListeners: [String: SettingKind] = ["buffer_size": .integer(atLeast: 1)]

    /// The additional settings of FastCGI programs.
    static let ofFastCGI: [String: SettingKind] = [
        "socket_backlog": .integer(atLeast: 1), "socket_owner": .owner, "socket_mode": .octal,
    ]
}

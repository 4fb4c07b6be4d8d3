// Where supervisord looks for its configuration.

internal import Glibc

extension SupervisorConfiguration {
    /// Where supervisord looks for its configuration if `-c` does not name it (Supervisor manual,
    /// "Configuration File").
    ///
    /// The first two are relative to the program's own folder.
    ///
    /// - Parameter program: The path of the program `supervisord`, if it is known.
    /// - Returns: The paths in order.
    package static func searchPath(program: String?) -> [String] {
        let folder = program.flatMap { path in
            path.lastIndex(of: "/").map { String(path[..<$0]) }
        }
        let own =
            folder.map { ["\($0)/../etc/supervisord.conf", "\($0)/../supervisord.conf"] } ?? []
        return own + [
            "supervisord.conf", "etc/supervisord.conf", "/etc/supervisord.conf",
            "/etc/supervisor/supervisord.conf",
        ]
    }

    /// The first of several files that is there.
    package static func firstFile(of paths: [String]) -> String? {
        paths.first { unsafe access($0, F_OK) == 0 }
    }
}

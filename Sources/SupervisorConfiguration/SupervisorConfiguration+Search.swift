// Finds the default configuration file.

internal import Glibc
internal import System

extension SupervisorConfiguration {
    /// The paths where supervisord searches for its configuration without `-c` (Supervisor manual,
    /// "Configuration File").
    ///
    /// The first two are in the parent of the program's directory.
    ///
    /// - Parameter program: The path of `supervisord`, if known.
    /// - Returns: The paths in order.
    package static func searchPath(program: String?) -> [String] {
        let folder = program.flatMap { path in
            path.utf8.contains(UInt8(ascii: "/")) ? path.parentDirectory.parentDirectory : nil
        }
        var own: [String] = []
        if let folder {
            let start = folder == "/" ? "" : folder
            own = ["\(start)/etc/supervisord.conf", "\(start)/supervisord.conf"]
        }
        return own + [
            "supervisord.conf", "etc/supervisord.conf", "/etc/supervisord.conf",
            "/etc/supervisor/supervisord.conf",
        ]
    }

    /// The paths where the supervisord that a shell would run searches for its configuration.
    ///
    /// - Parameter path: The `PATH` to search for the program.
    /// - Returns: The paths in order.
    package static func searchPath(programIn path: String?) -> [String] {
        let folders = (path ?? "").split(separator: ":")
        let programs = ["supervisord", "supervisorctl"].flatMap { name in
            folders.map { "\($0)/\(name)" }
        }
        return searchPath(program: programs.first { unsafe access($0, X_OK) == 0 })
    }

    /// The first file that exists.
    package static func firstFile(of paths: [String]) -> String? {
        paths.first { unsafe access($0, F_OK) == 0 }
    }
}

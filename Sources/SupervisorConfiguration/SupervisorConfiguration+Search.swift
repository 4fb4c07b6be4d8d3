// Finds the default configuration file.

internal import Glibc
internal import System

extension SupervisorConfiguration {
    /// The paths where supervisord searches for its configuration without `-c` (Supervisor manual,
    /// "Configuration File").
    ///
    /// The first two are relative to the directory of the program.
    ///
    /// - Parameter program: The path of `supervisord`, if known.
    /// - Returns: The paths in order.
    package static func searchPath(program: String?) -> [String] {
        let folder = program.flatMap { path in
            path.utf8.contains(UInt8(ascii: "/")) ? path.parentDirectory : nil
        }
        let own =
            folder.map { ["\($0)/../etc/supervisord.conf", "\($0)/../supervisord.conf"] } ?? []
        return own + [
            "supervisord.conf", "etc/supervisord.conf", "/etc/supervisord.conf",
            "/etc/supervisor/supervisord.conf",
        ]
    }

    /// The first file that exists.
    package static func firstFile(of paths: [String]) -> String? {
        paths.first { unsafe access($0, F_OK) == 0 }
    }
}

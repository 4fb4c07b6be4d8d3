// Whether a command can be run.

internal import Glibc

/// Whether a command can be run, looked up as `execvp` does it.
enum ExecutableSearch {
    /// Where the C library looks without PATH (exec(3)).
    private static let usualPath = "/bin:/usr/bin"

    /// Whether there is a program of this name.
    ///
    /// - Parameters:
    ///   - name: The first word of the command; one with a slash is a path.
    ///   - path: The value of PATH.
    /// - Returns: Whether there is one, and this user may run it.
    static func finds(_ name: String, path: String?) -> Bool {
        if name.utf8.contains(UInt8(ascii: "/")) { return isExecutable(name) }
        let folders = (path ?? usualPath).split(separator: ":", omittingEmptySubsequences: false)
        return folders.contains { isExecutable($0.isEmpty ? name : "\($0)/\(name)") }
    }

    private static func isExecutable(_ path: String) -> Bool {
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return false
        }
        return unsafe access(path, X_OK) == 0
    }
}

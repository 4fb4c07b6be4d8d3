internal import Glibc

/// Searches for a program as `execvp` does.
enum ExecutableSearch {
    /// The C library's search path without PATH (exec(3)).
    private static let defaultPath = "/bin:/usr/bin"

    /// Returns whether a program can be run.
    ///
    /// - Parameters:
    ///   - name: The first word of the command; one with a slash is a path.
    ///   - path: The value of PATH.
    /// - Returns: Whether it exists, and this user may run it.
    static func finds(_ name: String, path: String?) -> Bool {
        if name.utf8.contains(UInt8(ascii: "/")) { return isExecutable(name) }
        let folders = (path ?? defaultPath).split(separator: ":", omittingEmptySubsequences: false)
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

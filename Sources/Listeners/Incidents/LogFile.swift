internal import CLinux
internal import Glibc
internal import System

/// The times of a log's file, which show whether it was rotated or emptied.
enum LogFile {
    /// When a file was created.
    ///
    /// - Parameter path: The file.
    /// - Returns: The time in seconds since 1970; negative if the file system does not record it.
    static func birth(_ path: String) -> Int { Int(unsafe clinux_birth(path)) }

    /// When an open file was written to.
    ///
    /// - Parameter file: The file.
    /// - Returns: The time in seconds since 1970; nil if unknown.
    static func change(of file: Descriptor) -> Int? {
        var status = stat()
        guard unsafe fstat(file.rawValue, &status) == 0 else { return nil }
        return Int(status.st_mtim.tv_sec)
    }

    /// Whether a file is empty although something was written to it.
    ///
    /// supervisord empties a log without backups instead of renaming it.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - start: When its process was started, in seconds since 1970.
    /// - Returns: Whether it was emptied since.
    static func wasEmptied(_ path: String, since start: Int) -> Bool {
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_size == 0 else { return false }
        // A file to which nothing was written keeps the time of its creation.
        return Int(status.st_mtim.tv_sec) > max(start - 1, birth(path))
    }
}

internal import Glibc
internal import System

/// The status file from the side of `superlance init`, which creates it, reads it and removes it.
///
/// The descriptor stays open, so that the file that was created is read, even if the name now
/// refers to another one.
struct OwnedStatusFile {
    /// The path of the file.
    let path: String

    private let file: Descriptor

    /// Creates a file that only its owner can access, in TMPDIR or `/tmp`; its path is absolute,
    /// since listeners may have another working directory.
    ///
    /// The corresponding C function is `mkstemp`.
    ///
    /// - Throws: `SystemError` when it cannot be created.
    init() throws(SystemError) {
        let folder = Self.folder
        let pattern = unsafe strdup("\(folder)/superlance-status.XXXXXX")
        defer { unsafe free(pattern) }
        guard let pattern = unsafe pattern else { throw SystemError("no memory", code: ENOMEM) }
        let number = unsafe mkstemp(pattern)
        guard number >= 0 else {
            throw SystemError("cannot create a file in \(folder)")
        }
        _ = fcntl(number, F_SETFD, FD_CLOEXEC)
        file = Descriptor(rawValue: number)
        path = unsafe String(cString: pattern)
        // Space for a status, in case the disk is full when there is one. Without space now,
        // fatalexit reports it.
        file.writeAll(StatusFile.none.utf8)
    }

    /// Gives the file to the user of supervisord, who cannot write it otherwise.
    ///
    /// - Parameter user: The user.
    func handOver(to user: uid_t) {
        var status = stat()
        guard unsafe fstat(file.rawValue, &status) == 0, status.st_uid != user else { return }
        _ = fchown(file.rawValue, user, gid_t.max)
    }

    private static var folder: String {
        guard let value = unsafe getenv("TMPDIR"), unsafe value.pointee != 0 else { return "/tmp" }
        guard let path = unsafe realpath(value, nil) else { return unsafe String(cString: value) }
        defer { unsafe free(path) }
        return unsafe String(cString: path)
    }

    /// Reads and removes the file.
    ///
    /// - Returns: The status in it; nil if it contains none.
    func readAndRemove() -> Int32? {
        let status = StatusFile.read(file)
        file.close()
        _ = unsafe unlink(path)
        return status
    }
}

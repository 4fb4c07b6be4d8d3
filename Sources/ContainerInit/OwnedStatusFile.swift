// The status file as its owner sees it: made at the start, read and removed at the end.

internal import Glibc
internal import System

/// The status file as `superlance init` sees it: made at the start, read and removed at the end.
///
/// It stays open, so that what is read is what was made, whatever has the name by then.
struct OwnedStatusFile {
    /// Its path.
    let path: String

    private let file: Descriptor

    /// Makes a file that nobody else may read or write, in TMPDIR or `/tmp`.
    ///
    /// The corresponding C function is `mkstemp`.
    ///
    /// - Throws: `SystemError` when it cannot be made.
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
    }

    private static var folder: String {
        guard let value = unsafe getenv("TMPDIR"), unsafe value.pointee != 0 else { return "/tmp" }
        return unsafe String(cString: value)
    }

    /// Reads the file and removes it.
    ///
    /// - Returns: The status that was written to it; nothing if none was.
    func readAndRemove() -> Int32? {
        let status = StatusFile.read(file)
        file.close()
        _ = unsafe unlink(path)
        return status
    }
}

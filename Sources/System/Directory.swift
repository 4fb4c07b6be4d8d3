internal import Glibc

/// An open directory.
///
/// Names are looked up in this very directory, wherever its path leads by now. A file that is made
/// in it is new: nothing that somebody else has put under its name is followed, opened or waited
/// for.
public final class Directory {
    /// The path by which it was opened.
    public let path: String

    /// The directory itself, for calls such as `openat`.
    package let descriptor: Descriptor

    /// Opens a directory.
    ///
    /// The corresponding C function is `open` with `O_DIRECTORY`.
    ///
    /// - Parameters:
    ///   - path: The directory.
    ///   - followsLink: Whether the last name in the path may be that of a symbolic link.
    /// - Throws: ``SystemError`` when it cannot be opened.
    public init(_ path: String, followsLink: Bool = true) throws(SystemError) {
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | (followsLink ? 0 : O_NOFOLLOW)
        let number = unsafe open(path, flags)
        guard number >= 0 else { throw SystemError("cannot open \(path)") }
        self.path = path
        descriptor = Descriptor(rawValue: number)
    }

    deinit {
        descriptor.close()
    }

    /// Throws if other users may write to the directory, so that they could put a file there in
    /// place of another one.
    ///
    /// It has to belong to root or to this process's user, and must not be writable for group and
    /// others; where its sticky bit is set they cannot replace anything (`inode(7)`).
    ///
    /// - Parameter allowsSticky: Whether the sticky bit is enough.
    /// - Throws: ``SystemError`` that names what to change.
    public func requireOwn(allowsSticky: Bool) throws(SystemError) {
        var status = stat()
        guard unsafe fstat(descriptor.rawValue, &status) == 0 else {
            throw SystemError("cannot open \(path)")
        }
        let user = geteuid()
        guard status.st_uid == user || status.st_uid == 0 else {
            throw SystemError(
                "cannot use \(path), which belongs to user \(status.st_uid); "
                    + "run chown \(user) \(path)", code: EPERM)
        }
        let isOpen = status.st_mode & (S_IWGRP | S_IWOTH) != 0
        guard !isOpen || (allowsSticky && status.st_mode & S_ISVTX != 0) else {
            throw SystemError(
                "cannot use \(path), which other users may write to; run chmod go-w \(path)",
                code: EPERM)
        }
    }

    // MARK: Files

    /// Makes a file and opens it for writing.
    ///
    /// What is there under its name already, left by a writer that was killed, is removed first.
    /// The corresponding C function is `openat` with `O_EXCL` and `O_NOFOLLOW`.
    ///
    /// - Parameters:
    ///   - name: The file's name.
    ///   - mode: Its permissions, before the process's mask.
    /// - Returns: The file, which the caller closes.
    /// - Throws: ``SystemError`` when it cannot be made.
    public func create(_ name: String, mode: UInt32 = 0o600) throws(SystemError) -> Descriptor {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        var file: Int32 = -1
        for _ in 0..<2 {
            file = unsafe openat(descriptor.rawValue, name, flags, mode)
            guard file < 0, errno == EEXIST else { break }
            guard unsafe unlinkat(descriptor.rawValue, name, 0) == 0 else { break }
        }
        guard file >= 0 else { throw SystemError("cannot write to \(path)") }
        return Descriptor(rawValue: file)
    }

    /// Writes a file as a whole: it has its old content or the new one.
    ///
    /// - Parameters:
    ///   - bytes: What it is to hold.
    ///   - name: The file's name.
    ///   - temporary: The name that it has while it is written.
    ///   - mode: Its permissions, before the process's mask.
    ///   - isLasting: Whether the content is to be on disk before it gets its name.
    /// - Throws: ``SystemError``; then the file is what it was before.
    public func write(
        _ bytes: [UInt8], as name: String, by temporary: String, mode: UInt32 = 0o600,
        isLasting: Bool
    ) throws(SystemError) {
        let file = try create(temporary, mode: mode)
        var isWritten = file.writeAll(bytes)
        if isLasting { isWritten = isWritten && fdatasync(file.rawValue) == 0 }
        let code = errno
        file.close()
        let here = descriptor.rawValue
        guard isWritten, unsafe renameat(here, temporary, here, name) == 0 else {
            let error = SystemError("cannot write to \(path)", code: isWritten ? errno : code)
            _ = unsafe unlinkat(here, temporary, 0)
            throw error
        }
    }

    /// Waits until the names in the directory are on disk.
    ///
    /// The corresponding C function is `fsync`.
    ///
    /// - Throws: ``SystemError`` when that fails.
    public func synchronize() throws(SystemError) {
        guard fsync(descriptor.rawValue) == 0 else { throw SystemError("cannot write to \(path)") }
    }

    /// Opens a file of this user's for reading and writing, and makes it if it is not there.
    ///
    /// - Parameter name: The file's name.
    /// - Returns: The file, which the caller closes.
    /// - Throws: ``SystemError`` when it cannot be opened, or is no regular file with one name.
    public func openOwn(_ name: String) throws(SystemError) -> Descriptor {
        let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        let file = unsafe openat(descriptor.rawValue, name, flags, 0o600)
        guard file >= 0 else { throw SystemError("cannot write to \(path)") }
        var status = stat()
        guard unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_nlink == 1
        else {
            Descriptor(rawValue: file).close()
            throw SystemError(
                "cannot use \(path)/\(name), which is no file of its own", code: EPERM)
        }
        return Descriptor(rawValue: file)
    }
}

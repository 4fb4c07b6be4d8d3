internal import Glibc

/// An open directory.
///
/// Names are relative to the directory that was opened, even if it has been renamed or replaced.
/// Files are always created anew: existing files and links that other users may have placed there
/// are never followed or opened.
public final class Directory {
    /// The path that was opened.
    public let path: String

    /// The descriptor, for calls such as `openat`.
    package let descriptor: Descriptor

    /// Whether a path is that of a directory (stat(2)).
    public static func exists(at path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Opens a directory.
    ///
    /// A symbolic link in the path is followed if it belongs to root or to this process's user, and
    /// other users cannot replace it.
    ///
    /// - Parameter path: The directory.
    /// - Throws: ``SystemError`` when it cannot be opened, or if a link is not followed.
    public init(_ path: String) throws(SystemError) {
        self.path = path
        descriptor = try GuardedFile.openDirectory(path, owners: [geteuid()])
    }

    /// Opens a directory in another one; symbolic links are not followed.
    ///
    /// The corresponding C function is `open` with `O_DIRECTORY` and `O_NOFOLLOW`.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - parent: The other directory.
    /// - Throws: ``SystemError`` when it cannot be opened.
    public init(_ name: String, in parent: Directory) throws(SystemError) {
        path = "\(parent.path)/\(name)"
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW
        let number = unsafe openat(parent.descriptor.rawValue, name, flags)
        guard number >= 0 else { throw SystemError("cannot open \(path)") }
        descriptor = Descriptor(rawValue: number)
    }

    /// Creates a directory that only this user can access, unless it exists.
    ///
    /// The corresponding C function is `mkdirat`.
    ///
    /// - Parameter name: Its name.
    /// - Throws: ``SystemError`` when it cannot be created.
    public func makeDirectory(_ name: String) throws(SystemError) {
        guard unsafe mkdirat(descriptor.rawValue, name, 0o700) == 0 || errno == EEXIST else {
            throw SystemError("cannot create \(path)/\(name)")
        }
    }

    /// Whether other users can write to the directory, but not replace this user's files in it.
    public var isShared: Bool {
        var status = stat()
        guard unsafe fstat(descriptor.rawValue, &status) == 0 else { return false }
        let isOpen = status.st_mode & (S_IWGRP | S_IWOTH) != 0
        return isOpen && status.st_mode & S_ISVTX != 0
    }

    /// Whether the directory belongs to this process's user.
    public var isOwn: Bool {
        var status = stat()
        return unsafe fstat(descriptor.rawValue, &status) == 0 && status.st_uid == geteuid()
    }

    deinit {
        descriptor.close()
    }

    /// Throws if other users can replace files in the directory.
    ///
    /// It must belong to root or to this process's user, and must not be writable for group and
    /// others unless its sticky bit is set (`inode(7)`).
    ///
    /// - Parameters:
    ///   - allowsSticky: Whether the sticky bit is sufficient.
    ///   - allowsAnyOwner: Whether it may belong to any user, as when root checks it for another
    ///     one.
    /// - Throws: ``SystemError`` that states what to change.
    public func requireOwn(
        allowsSticky: Bool, allowsAnyOwner: Bool = false
    ) throws(SystemError) {
        var status = stat()
        guard unsafe fstat(descriptor.rawValue, &status) == 0 else {
            throw SystemError("cannot open \(path)")
        }
        let user = geteuid()
        guard allowsAnyOwner || [0, user].contains(status.st_uid) else {
            throw SystemError(
                "cannot use \(path), which belongs to user \(status.st_uid); "
                    + "run chown \(user) \(path)", code: 0)
        }
        let isOpen = status.st_mode & (S_IWGRP | S_IWOTH) != 0
        guard !isOpen || (allowsSticky && status.st_mode & S_ISVTX != 0) else {
            throw SystemError(
                "cannot use \(path), which other users may write to; run chmod go-w \(path)",
                code: 0)
        }
    }

    // MARK: Files

    /// Creates a file and opens it for writing.
    ///
    /// An existing file with this name, such as one left by a killed writer, is removed first. The
    /// corresponding C function is `openat` with `O_EXCL` and `O_NOFOLLOW`.
    ///
    /// - Parameters:
    ///   - name: The file's name.
    ///   - mode: Its permissions, before the umask.
    /// - Returns: The file, which the caller closes.
    /// - Throws: ``SystemError`` when it cannot be created.
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

    /// Replaces a file atomically.
    ///
    /// - Parameters:
    ///   - bytes: The new content.
    ///   - name: The file's name.
    ///   - temporary: The name while it is being written.
    ///   - mode: Its permissions, before the umask.
    ///   - keepsAttributes: Whether the owner and the permissions of a regular file that is
    ///     replaced are kept, as far as this user may set them.
    ///   - isLasting: Whether to flush the content to disk before renaming.
    /// - Throws: ``SystemError``; the file is unchanged then.
    public func write(
        _ bytes: [UInt8], as name: String, by temporary: String, mode: UInt32 = 0o600,
        keepsAttributes: Bool = false, isLasting: Bool
    ) throws(SystemError) {
        let file = try create(temporary, mode: mode)
        if keepsAttributes { copyAttributes(of: name, to: file) }
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

    /// Gives a file the owner and the permissions of another one in this directory.
    private func copyAttributes(of name: String, to file: Descriptor) {
        var status = stat()
        let flags = AT_SYMLINK_NOFOLLOW
        guard unsafe fstatat(descriptor.rawValue, name, &status, flags) == 0,
            status.st_mode & S_IFMT == S_IFREG
        else { return }
        // Only root may change the owner; the group may be one of this user's.
        if fchown(file.rawValue, status.st_uid, status.st_gid) != 0 {
            _ = fchown(file.rawValue, uid_t.max, status.st_gid)
        }
        _ = fchmod(file.rawValue, status.st_mode & 0o777)
    }

    /// Throws if replacing a file would replace something else: a device, a pipe, a socket or a
    /// directory.
    ///
    /// - Parameter name: The file's name.
    /// - Throws: ``SystemError`` if the name is such a one.
    public func requireFileOrNone(_ name: String) throws(SystemError) {
        var status = stat()
        let flags = AT_SYMLINK_NOFOLLOW
        guard unsafe fstatat(descriptor.rawValue, name, &status, flags) == 0 else { return }
        guard [S_IFREG, S_IFLNK].contains(status.st_mode & S_IFMT) else {
            throw SystemError(
                "cannot use \(path)/\(name), which is not a regular file", code: 0)
        }
    }

    /// Throws if a program that writes to a name would write to another file, because the name is
    /// that of a link, a pipe or another user's file.
    ///
    /// - Parameter name: The file's name.
    /// - Throws: ``SystemError`` if the name is such a one.
    public func requireOwnOrNone(_ name: String) throws(SystemError) {
        var status = stat()
        let flags = AT_SYMLINK_NOFOLLOW
        guard unsafe fstatat(descriptor.rawValue, name, &status, flags) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_nlink == 1,
            status.st_uid == geteuid()
        else {
            throw SystemError(
                "cannot use \(path)/\(name), which is not a regular file with one name", code: 0
            )
        }
    }

    /// Flushes the directory's entries to disk.
    ///
    /// The corresponding C function is `fsync`.
    ///
    /// - Throws: ``SystemError`` when that fails.
    public func synchronize() throws(SystemError) {
        guard fsync(descriptor.rawValue) == 0 else { throw SystemError("cannot write to \(path)") }
    }

    /// Opens a file of this user for reading and writing, and creates it if it does not exist.
    ///
    /// - Parameter name: The file's name.
    /// - Returns: The file, which the caller closes.
    /// - Throws: ``SystemError`` when it cannot be opened, or is not a regular file with one name.
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
                "cannot use \(path)/\(name), which is not a regular file with one name", code: 0
            )
        }
        return Descriptor(rawValue: file)
    }
}

internal import Glibc

/// Opens a file that another user may have replaced.
///
/// A program that can write to its log directory could place a link there to a file that only root
/// can read. Therefore the path is resolved name by name, each relative to the open directory
/// before it: renaming cannot make a different file be read than the one that was checked
/// (`openat(2)`).
public struct GuardedFile {
    /// The result of opening a path.
    public enum Finding: Sendable {
        /// A regular file with one name, opened for reading; the caller closes it.
        case file(Descriptor)
        /// The file does not exist, as far as this process can see.
        ///
        /// With `isProtected`, only the owners can create it.
        case absent(isProtected: Bool)
        /// This process may not read the file.
        ///
        /// With `isProtected`, only the owners can replace it, so a process that may read it would
        /// get the same file.
        case denied(isProtected: Bool)
        /// A directory, a device or a pipe.
        case special
        /// The path may refer to a different file than intended; the reason is one clause.
        case refused(String)
    }

    /// The users whose links are followed: root and other trusted users.
    private let owners: Set<UInt32>

    /// The directory that the next name is relative to.
    private var directory: Descriptor
    private var names: [[UInt8]]
    /// Whether only the owners can replace the path so far.
    private var isProtected: Bool
    private var linkCount = 0
    /// Whether links in a directory with the sticky bit are followed.
    private var trustsSticky = false
    /// Whether the path refers to a directory.
    private var isAtDirectory = false

    /// `O_PATH` of `open(2)`, which Swift's Glibc module does not export; it is the same on all of
    /// Swift's Linux platforms.
    private static let pathOnly: Int32 = 0o10_000_000

    /// The kernel's own limit (`path_resolution(7)`).
    private static let mostLinks = 40

    /// Opens a path.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - owners: The users whose links are followed, in addition to root.
    /// - Returns: The file, or why there is none.
    public static func open(_ path: String, owners: Set<UInt32>) -> Finding {
        guard var walk = GuardedFile(path, owners: owners) else {
            return .denied(isProtected: false)
        }
        defer { walk.directory.close() }
        return walk.run()
    }

    /// Opens a directory and follows only links that other users cannot have created.
    ///
    /// In a directory with the sticky bit, such as `/tmp`, the owners' links are followed.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - owners: The users whose links are followed, in addition to root.
    /// - Returns: The directory, which the caller closes.
    /// - Throws: ``SystemError`` when it cannot be opened.
    static func openDirectory(
        _ path: String, owners: Set<UInt32>
    ) throws(SystemError) -> Descriptor {
        guard !path.utf8.isEmpty, var walk = GuardedFile(path, owners: owners) else {
            throw SystemError("cannot open \(path)", code: path.utf8.isEmpty ? ENOENT : errno)
        }
        defer { walk.directory.close() }
        walk.trustsSticky = true
        errno = 0
        switch walk.run() {
        case .special where walk.isAtDirectory:
            let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
            let number = unsafe openat(walk.directory.rawValue, ".", flags)
            guard number >= 0 else { throw SystemError("cannot open \(path)") }
            return Descriptor(rawValue: number)
        case .refused(let reason): throw SystemError("cannot use \(path): \(reason)", code: 0)
        case .file(let file):
            file.close()
            throw SystemError("cannot open \(path)", code: ENOTDIR)
        case .absent, .denied, .special:
            throw SystemError("cannot open \(path)", code: errno == 0 ? ENOTDIR : errno)
        }
    }

    private init?(_ path: String, owners: Set<UInt32>) {
        let isAbsolute = path.utf8.first == UInt8(ascii: "/")
        guard let start = Self.openDirectory(isAbsolute ? "/" : ".") else { return nil }
        self.owners = owners.union([0])
        directory = start
        names = Self.names(of: Array(path.utf8))
        isProtected = isAbsolute
    }

    private static func openDirectory(_ path: String) -> Descriptor? {
        let number = unsafe Glibc.open(path, Self.pathOnly | O_DIRECTORY | O_CLOEXEC)
        return number < 0 ? nil : Descriptor(rawValue: number)
    }

    /// The names in a path, in reverse order.
    private static func names(of path: [UInt8]) -> [[UInt8]] {
        path.split(separator: UInt8(ascii: "/")).map(Array.init).reversed()
    }

    // MARK: Resolution

    private mutating func run() -> Finding {
        while let bytes = names.popLast() {
            let name = String(decoding: bytes, as: UTF8.self)
            let flags = Self.pathOnly | O_NOFOLLOW | O_CLOEXEC
            let next = unsafe openat(directory.rawValue, name, flags)
            guard next >= 0 else { return missing() }
            let entry = Descriptor(rawValue: next)
            var status = stat()
            guard unsafe fstat(next, &status) == 0 else {
                entry.close()
                return .denied(isProtected: false)
            }
            switch status.st_mode & S_IFMT {
            case S_IFLNK:
                let fault = follow(entry, status, name)
                entry.close()
                if let fault { return .refused(fault) }
            case S_IFDIR:
                isProtected = isProtected && protects(status)
                directory.close()
                directory = entry
            case S_IFREG where names.isEmpty:
                defer { entry.close() }
                return open(name, status)
            default:
                entry.close()
                return .special
            }
        }
        isAtDirectory = true
        return .special
    }

    /// The result for a name that does not exist or cannot be looked up.
    private func missing() -> Finding {
        let isAbsent = errno == ENOENT
        let isOwn = isProtected && isOwn(directory)
        guard !isAbsent else { return .absent(isProtected: isOwn) }
        // Even without search permission it is known whether others can write to this directory,
        // but not to those below it.
        return .denied(isProtected: isOwn && names.isEmpty)
    }

    /// Continues with the target of a link.
    ///
    /// - Returns: Why the link is not followed, as one clause; nil if it is.
    private mutating func follow(_ link: Descriptor, _ status: stat, _ name: String) -> String? {
        let isSafe = trustsSticky ? protects(status) : isOwn(directory)
        guard owners.contains(status.st_uid), isSafe else {
            return "'\(name)' in its path is a symbolic link that another user may have made"
        }
        linkCount += 1
        var target = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe target.withUnsafeMutableBytes { buffer in
            guard let place = buffer.baseAddress else { return 0 }
            return unsafe readlinkat(
                link.rawValue, "", place.assumingMemoryBound(to: CChar.self), buffer.count)
        }
        guard count > 0, linkCount <= Self.mostLinks else {
            return "it has too many levels of symbolic links"
        }
        let path = Array(target.prefix(count))
        names += Self.names(of: path)
        if path.first == UInt8(ascii: "/"), let root = Self.openDirectory("/") {
            directory.close()
            directory = root
        }
        return nil
    }

    /// Opens the resolved file.
    private func open(_ name: String, _ found: stat) -> Finding {
        guard found.st_nlink == 1 else {
            return .refused("it has \(found.st_nlink) names, one of which may be another file's")
        }
        let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
        let number = unsafe openat(directory.rawValue, name, flags)
        guard number >= 0 else {
            return .denied(isProtected: isProtected && protects(found))
        }
        let file = Descriptor(rawValue: number)
        var status = stat()
        guard unsafe fstat(number, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_nlink == 1, status.st_ino == found.st_ino, status.st_dev == found.st_dev
        else {
            file.close()
            return .refused("it was replaced while it was opened")
        }
        return .file(file)
    }

    // MARK: Trust

    /// Whether only the owners can write to a directory.
    private func isOwn(_ directory: Descriptor) -> Bool {
        var status = stat()
        guard unsafe fstat(directory.rawValue, &status) == 0 else { return false }
        return owners.contains(status.st_uid) && status.st_mode & (S_IWGRP | S_IWOTH) == 0
    }

    /// Whether only the owners can replace an entry of the current directory.
    ///
    /// In a directory with the sticky bit, only the owners of the entry and of the directory can
    /// (`inode(7)`).
    private func protects(_ entry: stat) -> Bool {
        var status = stat()
        guard unsafe fstat(directory.rawValue, &status) == 0, owners.contains(status.st_uid) else {
            return false
        }
        let isOpen = status.st_mode & (S_IWGRP | S_IWOTH) != 0
        return !isOpen || (status.st_mode & S_ISVTX != 0 && owners.contains(entry.st_uid))
    }
}

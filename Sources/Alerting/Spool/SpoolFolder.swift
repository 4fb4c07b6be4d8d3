internal import EventLoop
internal import Glibc
internal import System
internal import Text

/// One listener's directory in the spool, locked as long as this object exists.
///
/// Files are replaced atomically: they are written under a name with a leading dot, flushed and
/// renamed. A directory that others can write to is not used.
final class SpoolFolder {
    private let folder: Directory
    private let lock: Descriptor

    /// The path of the directory.
    var path: String { folder.path }

    private init(_ folder: Directory, lock: Descriptor) {
        self.folder = folder
        self.lock = lock
    }

    deinit {
        // A child that is just being started has a copy of the descriptor, and so the lock.
        flock(lock.rawValue, LOCK_UN)
        lock.close()
    }

    /// Opens and locks a directory.
    ///
    /// - Returns: The directory; nil if another process has locked it.
    private static func open(
        _ name: String, in spool: Directory
    ) throws(SystemError) -> SpoolFolder? {
        let folder = try Directory(name, in: spool)
        let path = folder.path
        // In a shared spool, another user may have created it, even on purpose: so it is not given
        // to this user, but left alone.
        guard !spool.isShared || folder.isOwn else { throw SystemError("", code: EPERM) }
        try folder.requireOwn(allowsSticky: false)
        let lock = try folder.openOwn(".lock")
        guard flock(lock.rawValue, LOCK_EX | LOCK_NB) == 0 else {
            let error = SystemError("cannot lock \(path)")
            lock.close()
            // Some network file systems do not support locks.
            guard error.code == EWOULDBLOCK else { throw error }
            return nil
        }
        guard isInPlace(lock.rawValue, path) else {
            // The process that had locked the directory has deleted it in the meantime.
            lock.close()
            return nil
        }
        return SpoolFolder(folder, lock: lock)
    }

    /// Whether a lock belongs to the directory that currently has this path.
    private static func isInPlace(_ lock: Int32, _ path: String) -> Bool {
        var held = stat()
        var named = stat()
        guard unsafe fstat(lock, &held) == 0, unsafe lstat("\(path)/.lock", &named) == 0 else {
            return false
        }
        return held.st_ino == named.st_ino && held.st_dev == named.st_dev
    }

    /// Whether the directory still exists.
    var isInPlace: Bool { Self.isInPlace(lock.rawValue, path) }

    /// Opens the first directory of a listener that is not locked, creating it if necessary.
    static func firstFree(
        in directory: String, for listener: String
    ) throws(SystemError) -> SpoolFolder {
        try make(directory)
        let spool = try Directory(directory)
        try spool.requireOwn(allowsSticky: true)
        for number in 0..<mostFolders {
            let name = "\(listener).\(number)"
            do throws(SystemError) {
                try spool.makeDirectory(name)
                if let folder = try open(name, in: spool) { return folder }
            } catch {
                // In a shared spool, another user may have created the name, even on purpose.
                guard spool.isShared, foreign.contains(error.code) else { throw error }
            }
        }
        throw SystemError("cannot use \(directory): all its directories are in use", code: EBUSY)
    }

    /// Throws if a listener could not open its directory, without creating anything.
    ///
    /// - Parameters:
    ///   - directory: The spool's directory.
    ///   - listener: The listener's name as a file name.
    ///   - allowsAnyOwner: Whether directories may belong to any user.
    /// - Throws: `SystemError` as ``firstFree(in:for:)`` would.
    static func check(
        _ directory: String, for listener: String, allowsAnyOwner: Bool
    ) throws(SystemError) {
        guard unsafe access(directory, F_OK) == 0 else {
            let parent = directory.parentDirectory
            guard errno == ENOENT, unsafe access(parent, W_OK | X_OK) == 0 else {
                throw SystemError("cannot create \(directory)")
            }
            return
        }
        let spool = try Directory(directory)
        try spool.requireOwn(allowsSticky: true, allowsAnyOwner: allowsAnyOwner)
        let name = "\(listener).0"
        let isThere =
            unsafe faccessat(spool.descriptor.rawValue, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0
        // In a shared spool, the next name is used instead of another user's.
        if isThere, !spool.isShared {
            try Directory(name, in: spool).requireOwn(
                allowsSticky: false, allowsAnyOwner: allowsAnyOwner)
        }
        let path = isThere ? "\(directory)/\(name)" : directory
        let isWritable = unsafe access(path, W_OK | X_OK) == 0
        guard spool.isShared || isWritable else {
            throw SystemError("cannot write to \(path)")
        }
    }

    /// The errors for a name that another user's directory, file or link has.
    private static let foreign: Set<Int32> = [EPERM, EACCES, ENOTDIR, ELOOP]

    /// The maximum number of listeners with the same name.
    static let mostFolders = 1_000

    /// The unlocked directories of a listener.
    static func abandoned(in directory: String, by listener: String) -> [SpoolFolder] {
        guard let spool = try? Directory(directory) else { return [] }
        let names = (try? Self.names(in: directory)) ?? []
        return names.filter { isNumbered($0, of: listener) }.compactMap { name in
            // Directories that cannot be opened are ignored.
            (try? open(name, in: spool)) ?? nil
        }
    }

    /// The unlocked directories of the other listeners of a family.
    ///
    /// - Parameters:
    ///   - directory: The spool's directory.
    ///   - listener: The listener.
    ///   - family: The start of the names.
    /// - Returns: The directories, and whether another one is in use: then it is unknown which
    ///   listener has replaced theirs.
    static func abandoned(
        in directory: String, besides listener: String, of family: String
    ) -> (folders: [SpoolFolder], isUnclear: Bool) {
        guard let spool = try? Directory(directory) else { return ([], false) }
        let names = ((try? Self.names(in: directory)) ?? []).filter { name in
            !isNumbered(name, of: listener)
                && (isNumbered(name, of: family) || name.beginsExactly(with: "\(family)~"))
        }
        let folders = names.map { (try? open($0, in: spool)) ?? nil }
        return (folders.compactMap { $0 }, folders.contains { $0 == nil })
    }

    private static func isNumbered(_ name: String, of listener: String) -> Bool {
        let number = name.utf8.dropFirst(listener.utf8.count + 1)
        return name.beginsExactly(with: "\(listener).") && !number.isEmpty
            && number.allSatisfy(\.isASCIIDigit)
    }

    /// A listener's name as a file name: without slashes and a leading dot.
    static func fileName(_ text: String) -> String {
        var bytes = text.utf8.map { [0, UInt8(ascii: "/")].contains($0) ? UInt8(ascii: "_") : $0 }
        if bytes.first == UInt8(ascii: ".") { bytes[0] = UInt8(ascii: "_") }
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: Files

    /// The maximum size of a file: 64 MiB.
    private static let largestFile = 67_108_864

    /// The names of all files, in order.
    func names() throws(SystemError) -> [String] {
        try Self.names(in: path)
    }

    /// Whether a file with this name exists.
    func has(_ name: String) -> Bool {
        unsafe faccessat(folder.descriptor.rawValue, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0
    }

    /// The content of a file; nil if it cannot be read.
    func contents(_ name: String) -> [UInt8]? {
        let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW
        let file = unsafe openat(folder.descriptor.rawValue, name, flags)
        guard file >= 0 else { return nil }
        let reader = Descriptor(rawValue: file)
        defer { reader.close() }
        // The file may have been replaced by something else.
        var status = stat()
        guard unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_size <= Self.largestFile
        else { return nil }
        var bytes: [UInt8] = []
        while case .bytes(let more) = reader.read() { bytes += more }
        return bytes
    }

    /// Writes a file, replacing one with the same name.
    ///
    /// - Parameters:
    ///   - bytes: The content.
    ///   - name: The file's name.
    ///   - isNew: Whether the file is new, so that its name must be flushed to disk too.
    /// - Throws: `SystemError`; the old content is unchanged then.
    func write(_ bytes: [UInt8], as name: String, isNew: Bool) throws(SystemError) {
        // Without flushing, the name could reach the disk before the content, and the old content
        // would be lost.
        try folder.write(bytes, as: name, by: ".\(name)", isLasting: true)
        if isNew { try folder.synchronize() }
    }

    /// Removes incomplete files of killed writers.
    func sweep() {
        let names = (try? Self.names(in: path) { $0.beginsExactly(with: ".") }) ?? []
        names.filter { ![".", "..", ".lock"].contains($0) }.forEach(remove)
    }

    /// Removes a file.
    func remove(_ name: String) {
        _ = unsafe unlinkat(folder.descriptor.rawValue, name, 0)
    }

    /// Renames a file; after a power failure, it has either name.
    func rename(_ name: String, to other: String) throws(SystemError) {
        let place = folder.descriptor.rawValue
        guard unsafe renameat(place, name, place, other) == 0 else {
            throw SystemError("cannot rename \(path)/\(name)")
        }
    }

    /// Moves a file to another listener's directory.
    ///
    /// - Returns: Its name there.
    func move(_ name: String, into other: SpoolFolder) throws(SystemError) -> String {
        try move(name, into: other.folder)
    }

    /// Moves a file to a directory of the spool, creating that if necessary.
    func move(_ name: String, into folder: String, of directory: String) throws(SystemError) {
        let spool = try Directory(directory)
        try spool.makeDirectory(folder)
        let other = try Directory(folder, in: spool)
        try other.requireOwn(allowsSticky: false)
        _ = try move(name, into: other)
    }

    private func move(_ name: String, into other: Directory) throws(SystemError) -> String {
        let (here, there) = (folder.descriptor.rawValue, other.descriptor.rawValue)
        let target = Self.freeName(name, in: there)
        guard unsafe renameat(here, name, there, target) == 0 else {
            throw SystemError("cannot move \(path)/\(name)")
        }
        return target
    }

    /// An unused name that sorts directly after the given one.
    private static func freeName(_ name: String, in folder: Int32) -> String {
        var target = name
        var number = 1
        while unsafe faccessat(folder, target, F_OK, AT_SYMLINK_NOFOLLOW) == 0 {
            target = "\(name).\(number)"
            number += 1
        }
        return target
    }

    /// Deletes the directory, which must be empty.
    func delete() {
        sweep()
        remove(".lock")
        _ = unsafe rmdir(path)
    }

    // MARK: Directories

    private static func make(_ path: String) throws(SystemError) {
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw SystemError("cannot create \(path)")
        }
    }

    /// The names in a directory, in order; names with a leading dot are omitted by default.
    private static func names(
        in path: String, where isWanted: (String) -> Bool = { !$0.beginsExactly(with: ".") }
    ) throws(SystemError) -> [String] {
        guard let listing = unsafe opendir(path) else { throw SystemError("cannot list \(path)") }
        defer { unsafe closedir(listing) }
        var names: [String] = []
        while let entry = unsafe readdir(listing) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
                unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if isWanted(name) { names.append(name) }
        }
        return names.sorted()
    }
}

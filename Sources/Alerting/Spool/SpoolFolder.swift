// One listener's folder in the spool.

internal import EventLoop
internal import Glibc
internal import System
internal import Text

/// One listener's folder in the spool, locked for as long as this object lives.
///
/// Files are written under a name with a dot before it, synced and then renamed, so that a file is
/// there as a whole or not at all. A folder that others may write to is not used.
final class SpoolFolder {
    private let folder: Directory
    private let lock: Descriptor

    private var path: String { folder.path }

    private init(_ folder: Directory, lock: Descriptor) {
        self.folder = folder
        self.lock = lock
    }

    deinit {
        lock.close()
    }

    /// Opens a folder and locks it.
    ///
    /// - Returns: The folder; nothing if another process holds it.
    private static func open(
        _ name: String, in spool: Directory
    ) throws(SystemError) -> SpoolFolder? {
        let folder = try Directory(name, in: spool)
        let path = folder.path
        try folder.requireOwn(allowsSticky: false)
        let lock = try folder.openOwn(".lock")
        guard flock(lock.rawValue, LOCK_EX | LOCK_NB) == 0 else {
            let error = SystemError("cannot lock \(path)")
            lock.close()
            // Some network file systems have no locks at all.
            guard error.code == EWOULDBLOCK else { throw error }
            return nil
        }
        guard isInPlace(lock.rawValue, path) else {
            // Whoever held it has deleted it meanwhile.
            lock.close()
            return nil
        }
        return SpoolFolder(folder, lock: lock)
    }

    /// Whether a lock is still that of the folder with this path.
    private static func isInPlace(_ lock: Int32, _ path: String) -> Bool {
        var held = stat()
        var named = stat()
        guard unsafe fstat(lock, &held) == 0, unsafe lstat("\(path)/.lock", &named) == 0 else {
            return false
        }
        return held.st_ino == named.st_ino && held.st_dev == named.st_dev
    }

    /// Whether the folder is still there.
    var isInPlace: Bool { Self.isInPlace(lock.rawValue, path) }

    /// The first folder of a listener that no other process holds, made if need be.
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
        throw SystemError("cannot use \(directory), in which others hold all folders", code: EBUSY)
    }

    /// The errors for a name that another user's directory, file or link has.
    private static let foreign: Set<Int32> = [EPERM, EACCES, ENOTDIR, ELOOP]

    /// So many listeners of one name have a folder each.
    private static let mostFolders = 1_000

    /// The folders of a listener that no process holds.
    static func abandoned(in directory: String, by listener: String) -> [SpoolFolder] {
        guard let spool = try? Directory(directory) else { return [] }
        let names = (try? Self.names(in: directory)) ?? []
        return names.filter { name in
            let number = name.utf8.dropFirst(listener.utf8.count + 1)
            return name.beginsExactly(with: "\(listener).") && !number.isEmpty
                && number.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        }.compactMap { name in
            // One that cannot be opened is somebody else's trouble.
            (try? open(name, in: spool)) ?? nil
        }
    }

    /// A listener's name as that of a file: without slashes and without a dot at its start.
    static func fileName(_ text: String) -> String {
        var bytes = text.utf8.map { [0, UInt8(ascii: "/")].contains($0) ? UInt8(ascii: "_") : $0 }
        if bytes.first == UInt8(ascii: ".") { bytes[0] = UInt8(ascii: "_") }
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: Files

    /// A larger file is none of ours: 64 MiB.
    private static let largestFile = 67_108_864

    /// The names of all files, in order.
    func names() throws(SystemError) -> [String] {
        try Self.names(in: path)
    }

    /// Whether there is something of a name.
    func has(_ name: String) -> Bool {
        unsafe faccessat(folder.descriptor.rawValue, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0
    }

    /// What a file holds; nothing if it cannot be read.
    func contents(_ name: String) -> [UInt8]? {
        let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW
        let file = unsafe openat(folder.descriptor.rawValue, name, flags)
        guard file >= 0 else { return nil }
        let reader = Descriptor(rawValue: file)
        defer { reader.close() }
        // Somebody else may have put anything there.
        var status = stat()
        guard unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_size <= Self.largestFile
        else { return nil }
        var bytes: [UInt8] = []
        while case .bytes(let more) = reader.read() { bytes += more }
        return bytes
    }

    /// Writes a file, in place of one of the same name.
    ///
    /// - Parameters:
    ///   - bytes: What it is to hold.
    ///   - name: Its name.
    ///   - isNew: Whether there is no such file yet, so that its name must be on disk, too, before
    ///     it counts.
    /// - Throws: `SystemError`; then there is what was there before.
    func write(_ bytes: [UInt8], as name: String, isNew: Bool) throws(SystemError) {
        // Without it on disk a name may come before what it names, and the older content is gone.
        try folder.write(bytes, as: name, by: ".\(name)", isLasting: true)
        if isNew { try folder.synchronize() }
    }

    /// Removes what a writer has left that was killed: it was never there as a whole.
    func sweep() {
        let names = (try? Self.names(in: path) { $0.beginsExactly(with: ".") }) ?? []
        names.filter { ![".", "..", ".lock"].contains($0) }.forEach(remove)
    }

    /// Removes a file.
    func remove(_ name: String) {
        _ = unsafe unlinkat(folder.descriptor.rawValue, name, 0)
    }

    /// Moves a file into another listener's folder.
    ///
    /// - Returns: Its name there.
    func move(_ name: String, into other: SpoolFolder) throws(SystemError) -> String {
        try move(name, into: other.folder)
    }

    /// Moves a file into a folder of the spool's, made if need be.
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

    /// A name that is not taken, which sorts right behind the one that is wanted.
    private static func freeName(_ name: String, in folder: Int32) -> String {
        var target = name
        var number = 1
        while unsafe faccessat(folder, target, F_OK, AT_SYMLINK_NOFOLLOW) == 0 {
            target = "\(name).\(number)"
            number += 1
        }
        return target
    }

    /// Deletes the folder, which must have no files.
    func delete() {
        sweep()
        remove(".lock")
        _ = unsafe rmdir(path)
    }

    // MARK: Directories

    private static func make(_ path: String) throws(SystemError) {
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw SystemError("cannot make \(path)")
        }
    }

    /// The names in a directory, in order; those that begin with a dot are left out unless wanted.
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

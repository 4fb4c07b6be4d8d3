// One listener's folder in the spool.

internal import EventLoop
internal import Glibc
internal import System

/// One listener's folder in the spool, locked for as long as this object lives.
///
/// Files are written under a name with a dot before it, synced and then renamed, so that a file is
/// there as a whole or not at all.
final class SpoolFolder {
    private let path: String
    private let descriptor: Descriptor
    private let lock: Descriptor

    private init(path: String, descriptor: Descriptor, lock: Descriptor) {
        self.path = path
        self.descriptor = descriptor
        self.lock = lock
    }

    deinit {
        lock.close()
        descriptor.close()
    }

    /// Opens a folder and locks it.
    ///
    /// - Returns: The folder; nothing if another process holds it.
    private static func open(_ path: String) throws(SystemError) -> SpoolFolder? {
        let folder = unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw SystemError("cannot open \(path)") }
        let file = unsafe openat(folder, ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            let error = SystemError("cannot write to \(path)")
            close(folder)
            throw error
        }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let error = SystemError("cannot lock \(path)")
            _ = [folder, file].map(close)
            // Some network file systems have no locks at all.
            guard error.code == EWOULDBLOCK else { throw error }
            return nil
        }
        guard isInPlace(file, path) else {
            // Whoever held it has deleted it meanwhile.
            _ = [folder, file].map(close)
            return nil
        }
        return SpoolFolder(
            path: path, descriptor: Descriptor(rawValue: folder), lock: Descriptor(rawValue: file))
    }

    /// Whether a lock is still that of the folder with this path.
    private static func isInPlace(_ lock: Int32, _ path: String) -> Bool {
        var held = stat()
        var named = stat()
        guard unsafe fstat(lock, &held) == 0, unsafe stat("\(path)/.lock", &named) == 0 else {
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
        for number in 0..<mostFolders {
            let path = "\(directory)/\(listener).\(number)"
            try make(path)
            if let folder = try open(path) { return folder }
        }
        throw SystemError("cannot use \(directory), in which others hold all folders", code: EBUSY)
    }

    /// So many listeners of one name have a folder each.
    private static let mostFolders = 1_000

    /// The folders of a listener that no process holds.
    static func abandoned(in directory: String, by listener: String) -> [SpoolFolder] {
        let names = (try? Self.names(in: directory)) ?? []
        return names.filter { name in
            name.hasPrefix("\(listener).") && Int(name.dropFirst(listener.count + 1)) != nil
        }.compactMap { name in
            // One that cannot be opened is somebody else's trouble.
            (try? open("\(directory)/\(name)")) ?? nil
        }
    }

    /// A listener's name as that of a file: without slashes and without a dot at its start.
    static func fileName(_ text: String) -> String {
        let name = String(text.map { $0 == "/" || $0 == "\0" ? "_" : $0 })
        return name.hasPrefix(".") ? "_\(name.dropFirst())" : name
    }

    // MARK: Files

    /// A larger file is none of ours: 64 MiB.
    private static let largestFile = 67_108_864

    /// The names of all files, in order.
    func names() throws(SystemError) -> [String] {
        try Self.names(in: path)
    }

    /// What a file holds; nothing if it cannot be read.
    func contents(_ name: String) -> [UInt8]? {
        let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW
        let file = unsafe openat(descriptor.rawValue, name, flags)
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
        let temporary = ".\(name)"
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC
        let file = unsafe openat(descriptor.rawValue, temporary, flags, 0o600)
        guard file >= 0 else { throw SystemError("cannot write to \(path)") }
        let writer = Descriptor(rawValue: file)
        // Without it a name may come before what it names, and the older content is gone.
        let isWritten = writer.writeAll(bytes) && fdatasync(file) == 0
        let code = errno
        writer.close()
        guard isWritten else {
            remove(temporary)
            throw SystemError("cannot write to \(path)", code: code)
        }
        let here = descriptor.rawValue
        guard unsafe renameat(here, temporary, here, name) == 0,
            !isNew || fsync(here) == 0
        else { throw SystemError("cannot write to \(path)") }
    }

    /// Removes what a writer has left that was killed: it was never there as a whole.
    func sweep() {
        let names = (try? Self.names(in: path) { $0.hasPrefix(".") }) ?? []
        names.filter { ![".", "..", ".lock"].contains($0) }.forEach(remove)
    }

    /// Removes a file.
    func remove(_ name: String) {
        _ = unsafe unlinkat(descriptor.rawValue, name, 0)
    }

    /// Moves a file into another listener's folder.
    ///
    /// - Returns: Its name there.
    func move(_ name: String, into other: SpoolFolder) throws(SystemError) -> String {
        let target = Self.freeName(name, in: other.descriptor.rawValue, "")
        let result = unsafe renameat(descriptor.rawValue, name, other.descriptor.rawValue, target)
        guard result == 0 else { throw SystemError("cannot move \(path)/\(name)") }
        return target
    }

    /// Moves a file into a folder of the spool's, made if need be.
    func move(_ name: String, into folder: String, of directory: String) throws(SystemError) {
        try Self.make("\(directory)/\(folder)")
        let target = Self.freeName(name, in: AT_FDCWD, "\(directory)/\(folder)/")
        guard unsafe renameat(descriptor.rawValue, name, AT_FDCWD, target) == 0 else {
            throw SystemError("cannot move \(path)/\(name)")
        }
    }

    /// A name that is not taken, which sorts right behind the one that is wanted.
    private static func freeName(_ name: String, in folder: Int32, _ prefix: String) -> String {
        var target = prefix + name
        var number = 1
        while unsafe faccessat(folder, target, F_OK, AT_SYMLINK_NOFOLLOW) == 0 {
            target = "\(prefix)\(name).\(number)"
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
        in path: String, where isWanted: (String) -> Bool = { !$0.hasPrefix(".") }
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

internal import Glibc

extension Descriptor {
    /// Reads a small trusted file, such as one of `/proc` or a configuration.
    ///
    /// A FIFO reads as empty instead of blocking.
    ///
    /// - Parameters:
    ///   - path: The file's path.
    ///   - limit: How much to read, in bytes; the result may exceed it by one read.
    /// - Returns: The bytes.
    /// - Throws: ``SystemError`` if the file cannot be opened.
    public static func contents(
        of path: String, atMost limit: Int = 4_194_304
    ) throws(SystemError) -> [UInt8] {
        let file = try opened(path)
        defer { file.close() }
        return file.contents(atMost: limit)
    }

    /// Reads a small file of certain users.
    ///
    /// - Parameters:
    ///   - path: The file's path.
    ///   - owners: The users.
    ///   - owner: Receives the user who owns the file.
    ///   - limit: As in ``contents(of:atMost:)``.
    /// - Returns: The bytes; none if another user owns the file.
    /// - Throws: ``SystemError`` if the file cannot be opened.
    public static func contents(
        of path: String, ownedBy owners: Set<UInt32>, owner: inout UInt32,
        atMost limit: Int = 4_194_304
    ) throws(SystemError) -> [UInt8] {
        let file = try opened(path)
        defer { file.close() }
        // That of the open file: another one may have taken its name meanwhile.
        var status = stat()
        guard unsafe fstat(file.rawValue, &status) == 0 else {
            throw SystemError("cannot read \(path)")
        }
        owner = status.st_uid
        return owners.contains(owner) ? file.contents(atMost: limit) : []
    }

    private static func opened(_ path: String) throws(SystemError) -> Descriptor {
        let number = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard number >= 0 else { throw SystemError("cannot read \(path)") }
        return Descriptor(rawValue: number)
    }

    private func contents(atMost limit: Int) -> [UInt8] {
        var contents: [UInt8] = []
        while contents.count < limit, case .bytes(let bytes) = read() { contents += bytes }
        return contents
    }

    /// Reads the first line of a file, such as a password.
    ///
    /// A FIFO reads as empty instead of blocking.
    ///
    /// - Parameters:
    ///   - path: The file's path.
    ///   - limit: How much to read, in bytes.
    /// - Returns: The line without its end; nil if the file is empty.
    /// - Throws: ``SystemError`` if the file cannot be opened, or is a directory.
    public static func firstLine(
        of path: String, atMost limit: Int = 16_384
    ) throws(SystemError) -> [UInt8]? {
        let file = try opened(path)
        defer { file.close() }
        guard !Directory.exists(at: path) else {
            throw SystemError("cannot read \(path)", code: EISDIR)
        }
        guard case .bytes(let bytes) = file.read(atMost: limit) else { return nil }
        return Array(bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") })
    }
}

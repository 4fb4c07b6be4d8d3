internal import Glibc

extension Descriptor {
    /// Reads a small file that no stranger writes, such as one of `/proc` or a configuration.
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
        let number = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard number >= 0 else { throw SystemError("cannot read \(path)") }
        let file = Descriptor(rawValue: number)
        defer { file.close() }
        var contents: [UInt8] = []
        while contents.count < limit, case .bytes(let bytes) = file.read() { contents += bytes }
        return contents
    }
}

internal import Glibc
public import System

/// The file by which fatalexit passes an exit status to `superlance init`.
///
/// A file is necessary because supervisord always exits with 0. It contains a decimal number and a
/// line feed, or is empty while no status is set.
public struct StatusFile {
    /// The environment variable that contains the file's path.
    public static let variable = "SUPERLANCE_STATUS_FILE"

    /// The path of the file.
    public let path: String

    /// Refers to a file.
    ///
    /// - Parameter path: The path, as in ``variable``.
    public init(path: String) {
        self.path = path
    }

    /// Writes a status.
    ///
    /// The file is neither created nor replaced, and links of either kind are not followed:
    /// `superlance init` has the file open, and a file or link in its place could make this
    /// overwrite any other file.
    ///
    /// - Parameter status: The status; nil empties the file.
    /// - Throws: `SystemError` when it cannot be written.
    public func write(_ status: Int32?) throws(SystemError) {
        let flags = O_WRONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK
        let number = unsafe open(path, flags)
        guard number >= 0 else { throw SystemError("cannot write \(path)") }
        let file = Descriptor(rawValue: number)
        defer { file.close() }
        var found = stat()
        guard unsafe fstat(number, &found) == 0, found.st_mode & S_IFMT == S_IFREG,
            found.st_nlink == 1
        else { throw SystemError("cannot write \(path)", code: EPERM) }
        guard ftruncate(number, 0) == 0 else { throw SystemError("cannot write \(path)") }
        guard let status else { return }
        guard file.writeAll("\(status)\n".utf8) else { throw SystemError("cannot write \(path)") }
    }

    /// Reads an open status file.
    ///
    /// - Parameter file: The descriptor.
    /// - Returns: The status; 1 if the content is invalid, nil if the file is empty.
    static func read(_ file: Descriptor) -> Int32? {
        guard lseek(file.rawValue, 0, SEEK_SET) == 0,
            case .bytes(let bytes) = file.read(atMost: 16)
        else { return nil }
        var status: Int32 = 0
        for byte in bytes {
            if byte == UInt8(ascii: "\n") { break }
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte), status < 100 else {
                return 1
            }
            status = status * 10 + Int32(byte - UInt8(ascii: "0"))
        }
        return status <= 255 ? status : 1
    }
}

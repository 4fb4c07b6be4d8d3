internal import CLinux
internal import Glibc
public import System

/// The file by which fatalexit passes an exit status to `superlance init`.
///
/// A file is necessary because supervisord always exits with 0. Its first line is a decimal number,
/// or empty while no status is set.
public struct StatusFile {
    /// The environment variable that contains the file's path.
    public static let variable = "SUPERLANCE_STATUS_FILE"

    /// The content while no status is set.
    static let none = "\n"

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
    /// overwrite any other file. It is not truncated, since a full disk may have no space for it
    /// afterwards.
    ///
    /// - Parameter status: The status; nil for none.
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
        let line = status.map { "\($0)\n" } ?? Self.none
        guard file.writeAll(line.utf8) else { throw SystemError("cannot write \(path)") }
    }

    /// Requests permission to write the file from `superlance init`, which belongs to root, as does
    /// the file, if supervisord has changed its user.
    ///
    /// An orphan that ends at once is a signal for `superlance init`, which reaps it and then
    /// changes the file's owner, shortly afterwards.
    public static func requestPermission() {
        let child = clinux_fork()
        guard child != 0 else {
            _ = clinux_fork()
            _exit(0)
        }
        var status: Int32 = 0
        while child > 0, unsafe waitpid(child, &status, 0) < 0, errno == EINTR {}
    }

    /// Reads an open status file.
    ///
    /// - Parameter file: The descriptor.
    /// - Returns: The status; 1 if the first line is invalid, nil if it is empty.
    static func read(_ file: Descriptor) -> Int32? {
        guard lseek(file.rawValue, 0, SEEK_SET) == 0,
            case .bytes(let bytes) = file.read(atMost: 16)
        else { return nil }
        guard bytes.first != UInt8(ascii: "\n") else { return nil }
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

// Where fatalexit leaves the status with which a container ends.

internal import Glibc
public import System

/// The file by which fatalexit passes an exit status to `superlance init`.
///
/// supervisord always ends with 0, so the status has to take another way. The file holds a decimal
/// number and a line end, or nothing as long as nothing is known.
public struct StatusFile {
    /// The variable that names the file to the programs below `superlance init`.
    public static let variable = "SUPERLANCE_STATUS_FILE"

    /// The file.
    public let path: String

    /// Names a file.
    ///
    /// - Parameter path: The file, as ``variable`` holds it.
    public init(path: String) {
        self.path = path
    }

    /// Writes a status.
    ///
    /// The file is neither made nor replaced: `superlance init` holds it open, and whoever put
    /// another file in its place, or a link to one, would choose what is overwritten.
    ///
    /// - Parameter status: The status; nothing empties the file.
    /// - Throws: `SystemError` when it cannot be written.
    public func write(_ status: Int32?) throws(SystemError) {
        let flags = O_WRONLY | O_TRUNC | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK
        let number = unsafe open(path, flags)
        guard number >= 0 else { throw SystemError("cannot write \(path)") }
        let file = Descriptor(rawValue: number)
        defer { file.close() }
        guard let status else { return }
        guard file.writeAll("\(status)\n".utf8) else { throw SystemError("cannot write \(path)") }
    }

    /// Reads what is in an open file.
    ///
    /// - Parameter file: The file, whatever it is called by now.
    /// - Returns: The status; 1 if what is there is none, nothing if nothing is there.
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

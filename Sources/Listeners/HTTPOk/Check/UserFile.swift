internal import Curl
internal import Glibc
internal import System

/// A file with credentials in its first line, `user:password`.
///
/// It is read for each check, so that a new password requires no restart.
struct UserFile: Hashable {
    /// Why there are no credentials.
    struct Fault: Error, CustomStringConvertible {
        let description: String
        /// Whether the file is currently unreadable.
        var isUnreadable = false
    }

    /// The path of the file.
    let path: String

    /// The maximum number of bytes read.
    private static let limit = 4_096

    /// Reads the credentials.
    ///
    /// - Returns: The credentials; the password may be empty.
    /// - Throws: `Fault` when the file cannot be read, or its first line has no colon.
    func login() throws(Fault) -> Credentials {
        // Without blocking, in case of a FIFO.
        let number = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard number >= 0 else {
            throw Fault(
                description: "cannot read \(path): \(SystemError.words(for: errno))",
                isUnreadable: true)
        }
        let descriptor = Descriptor(rawValue: number)
        defer { descriptor.close() }
        guard case .bytes(let bytes) = descriptor.read(atMost: Self.limit) else {
            throw Fault(description: "\(path) is empty")
        }
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), !line.contains(0) else {
            throw Fault(description: "the first line of \(path) is not user:password")
        }
        return Credentials(
            user: String(decoding: line[..<colon], as: UTF8.self),
            password: String(decoding: line[(colon + 1)...], as: UTF8.self))
    }
}

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
        let first: [UInt8]?
        do throws(SystemError) {
            first = try Descriptor.firstLine(of: path, atMost: Self.limit)
        } catch {
            // A directory does not become a file later.
            throw Fault(description: "\(error)", isUnreadable: error.code != EISDIR)
        }
        guard let line = first else { throw Fault(description: "\(path) is empty") }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), !line.contains(0) else {
            throw Fault(description: "the first line of \(path) is not user:password")
        }
        return Credentials(
            user: String(decoding: line[..<colon], as: UTF8.self),
            password: String(decoding: line[(colon + 1)...], as: UTF8.self))
    }
}

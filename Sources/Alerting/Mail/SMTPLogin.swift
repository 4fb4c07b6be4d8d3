// The login for a mail server, whose password may stand in a file.

public import Curl
internal import EventLoop
internal import Glibc
public import System

/// The login for a mail server, whose password may stand in a file.
public struct SMTPLogin: Sendable {
    /// Where the password is to be had.
    public enum Password: Sendable {
        /// It is known.
        case known(Credentials)
        /// It is the first line of a file, which is read for each delivery, so that a changed
        /// password needs no restart.
        case file(user: String, path: String)
    }

    private let password: Password

    /// Describes a login.
    ///
    /// - Parameter password: Where the password is to be had, and whose it is.
    public init(_ password: Password) {
        self.password = password
    }

    /// The login at this moment.
    ///
    /// - Throws: `SystemError` when the file cannot be read.
    public func credentials() throws(SystemError) -> Credentials {
        switch password {
        case .known(let credentials): return credentials
        case .file(let user, let path):
            let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else {
                throw SystemError("cannot read the password file \(path)")
            }
            defer { close(descriptor) }
            guard case .bytes(let bytes) = Descriptor(rawValue: descriptor).read() else {
                throw SystemError("no password in the file \(path)", code: ENODATA)
            }
            let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
            return Credentials(user: user, password: String(decoding: line, as: UTF8.self))
        }
    }
}

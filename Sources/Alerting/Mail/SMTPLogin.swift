public import Curl
internal import Glibc
public import System

/// The credentials for a mail server; the password may be in a file.
public struct SMTPLogin: Sendable {
    /// The source of the password.
    public enum Password: Sendable {
        /// Known credentials.
        case known(Credentials)
        /// The first line of a file, which is read for each delivery, so that a changed password
        /// requires no restart.
        case file(user: String, path: String)
    }

    private let password: Password

    /// Creates a login.
    ///
    /// - Parameter password: The user name and the source of the password.
    public init(_ password: Password) {
        self.password = password
    }

    /// Returns the current credentials.
    ///
    /// - Throws: `SystemError` when the file cannot be read.
    public func credentials() throws(SystemError) -> Credentials {
        switch password {
        case .known(let credentials): return credentials
        case .file(let user, let path):
            let line: [UInt8]?
            do throws(SystemError) {
                line = try Descriptor.firstLine(of: path)
            } catch {
                throw SystemError("cannot read the password file \(path)", code: error.code)
            }
            guard let line, !line.isEmpty else {
                throw SystemError("no password in the file \(path)", code: ENODATA)
            }
            // Such as one in UTF-16.
            guard !line.contains(0) else {
                throw SystemError("the password file \(path) is not UTF-8", code: EILSEQ)
            }
            return Credentials(user: user, password: String(decoding: line, as: UTF8.self))
        }
    }
}

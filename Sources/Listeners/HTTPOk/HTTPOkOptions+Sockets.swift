// The sockets that checks connect to.

internal import Glibc
internal import System

extension HTTPOkOptions {
    /// The sockets that exist and that this user cannot connect to, each with its option and the
    /// reason.
    ///
    /// One that does not exist is no mistake: its program may not be running.
    var unusableSockets: [String] {
        let option = terms.request.unixSocketPath.map { [("--unix-socket", $0)] } ?? []
        let targets = templates.compactMap(\.socketPath).map { ("unix", $0) }
        return (option + targets).compactMap { name, path in
            // Connecting requires the right to write (unix(7)).
            guard unsafe access(path, W_OK) != 0, errno != ENOENT else { return nil }
            return "\(name): cannot connect to \(path): \(SystemError.words(for: errno))"
        }
    }
}

// A user of this host.

internal import EventLoop
internal import Glibc

/// A user of this host (getpwnam(3)).
struct UserIdentity: Hashable {
    let user: uid_t
    let group: gid_t

    /// Finds a user.
    ///
    /// - Parameter name: The name or the number; nothing comes of one that does not exist.
    init?(named name: String) {
        if let number = uid_t(name) {
            user = number
            group = unsafe getpwuid(number).map { unsafe $0.pointee.pw_gid } ?? gid_t(number)
            return
        }
        guard let entry = unsafe getpwnam(name) else { return nil }
        user = unsafe entry.pointee.pw_uid
        group = unsafe entry.pointee.pw_gid
    }

    /// Whether a user may do something with a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - mode: What, as access(2) has it.
    ///   - identity: The user; nothing for that of this process.
    /// - Returns: The number of the error; 0 if it may.
    static func access(_ path: String, _ mode: Int32, as identity: UserIdentity?) -> Int32 {
        guard let identity, geteuid() == 0, identity.user != 0 else {
            return unsafe Glibc.access(path, mode) == 0 ? 0 : errno
        }
        // A process of its own may become somebody else, and go.
        guard let loop = try? PollLoop() else { return 0 }
        var result: Int32 = 0
        loop.start(
            .worker {
                guard setgroups(0, nil) == 0, setgid(identity.group) == 0,
                    setuid(identity.user) == 0
                else { return 0 }
                return unsafe Glibc.access(path, mode) == 0 ? 0 : errno
            }, deadline: .seconds(5)
        ) { report in
            if case .exited(let code) = report.end { result = code }
            loop.stop()
        }
        loop.run()
        return result
    }
}

internal import EventLoop
internal import Glibc
internal import System

/// A user of this host (getpwnam(3)).
struct UserIdentity: Hashable {
    let user: uid_t
    let group: gid_t

    /// Looks up a user.
    ///
    /// - Parameter name: The name or the number. Returns nil if there is no such user.
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

    /// Switches this process to the user, with the groups that supervisord sets (initgroups(3)).
    ///
    /// - Returns: Whether that succeeded.
    func assume() -> Bool {
        if let name = UserName.of(user) {
            guard unsafe initgroups(name, group) == 0 else { return false }
        } else {
            guard setgroups(0, nil) == 0 else { return false }
        }
        return setgid(group) == 0 && setuid(user) == 0
    }

    /// Checks whether a user may access a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - mode: The access, as in access(2).
    ///   - identity: The user; nil for that of this process.
    /// - Returns: The error number; 0 if access is allowed.
    static func access(_ path: String, _ mode: Int32, as identity: UserIdentity?) -> Int32 {
        guard let identity, geteuid() == 0, identity.user != 0 else {
            return unsafe Glibc.access(path, mode) == 0 ? 0 : errno
        }
        // A child can switch to the user without affecting this process.
        guard let loop = try? PollLoop() else { return 0 }
        var result: Int32 = 0
        loop.start(
            .worker {
                guard identity.assume() else { return 0 }
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

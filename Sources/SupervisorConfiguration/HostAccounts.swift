internal import Glibc

/// The users and groups of this host, as supervisord looks them up (getpwnam(3), getgrnam(3)).
enum HostAccounts {
    /// Whether there is a user.
    ///
    /// - Parameter name: The name or the number; a number requires an entry, too.
    /// - Returns: Whether it exists.
    static func hasUser(_ name: String) -> Bool {
        guard let number = PythonInteger.parse(name) else {
            return unsafe getpwnam(name) != nil
        }
        return uid_t(exactly: number).map { unsafe getpwuid($0) != nil } ?? false
    }

    /// Whether there is a group.
    ///
    /// - Parameter name: The name or the number; a number requires an entry, too.
    /// - Returns: Whether it exists.
    static func hasGroup(_ name: String) -> Bool {
        guard let number = PythonInteger.parse(name) else {
            return unsafe getgrnam(name) != nil
        }
        return gid_t(exactly: number).map { unsafe getgrgid($0) != nil } ?? false
    }
}

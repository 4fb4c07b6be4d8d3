internal import Glibc

/// The names of this host's users (getpwuid_r(3)).
public enum UserName {
    /// The name of a user.
    ///
    /// - Parameter user: The user.
    /// - Returns: The name; nil if the user has none.
    public static func of(_ user: UInt32) -> String? {
        // Large enough for any entry of a local file; a directory service may need more.
        for size in [1 << 10, 1 << 14, 1 << 18] {
            let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: size)
            defer { unsafe buffer.deallocate() }
            var entry = unsafe passwd()
            var found: UnsafeMutablePointer<passwd>?
            let status = unsafe getpwuid_r(user, &entry, buffer, size, &found)
            if status == ERANGE { continue }
            guard unsafe found != nil, let name = unsafe entry.pw_name else { return nil }
            let text = unsafe String(cString: name)
            return text.isEmpty ? nil : text
        }
        return nil
    }

    /// How a message names a user.
    ///
    /// - Parameter user: The user.
    /// - Returns: The name, or the number of a user who has none.
    public static func orNumber(of user: UInt32) -> String { of(user) ?? "\(user)" }
}

// Finds what another user has left in a spool.

internal import Glibc

extension Spool {
    /// A listener's directory that belongs to another user.
    public struct ForeignFolder: Hashable, Sendable {
        /// Its path.
        public let path: String
        /// Its owner.
        public let owner: UInt32
    }

    /// The first directory with the name of a listener that another user owns, whose alerts this
    /// user cannot take over.
    ///
    /// - Parameters:
    ///   - directory: The spool's directory.
    ///   - listener: The name of the listener.
    /// - Returns: The directory; nil if there is none.
    public static func foreignFolder(in directory: String, of listener: String) -> ForeignFolder? {
        let name = SpoolFolder.fileName(listener)
        var status = stat()
        for number in 0..<SpoolFolder.mostFolders {
            let path = "\(directory)/\(name).\(number)"
            guard unsafe lstat(path, &status) == 0 else { return nil }
            if status.st_mode & S_IFMT == S_IFDIR, status.st_uid != geteuid() {
                return ForeignFolder(path: path, owner: status.st_uid)
            }
        }
        return nil
    }
}

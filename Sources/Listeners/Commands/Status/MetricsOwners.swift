internal import Glibc
internal import ListenerProtocol
internal import SupervisorConfiguration
internal import SupervisorRPC
internal import System

/// The users whose metrics files are read: in a directory with the sticky bit, such as `/tmp`, any
/// user can create files with the names of listeners.
struct MetricsOwners {
    /// root, the caller and the users of the listeners.
    let users: Set<UInt32>

    /// Collects the users.
    ///
    /// - Parameters:
    ///   - files: The configuration.
    ///   - processes: supervisord's processes; nil if they are not known.
    init(_ files: ConfiguredFiles, _ processes: [SupervisedProcess]?) {
        var users: Set<UInt32> = [0, geteuid()]
        var configuration = files.configuration
        let common = configuration?["supervisord"].flatMap { configuration?.value("user", of: $0) }
        let listeners = files.programs.filter(\.isListener)
        for name in [common] + listeners.map({ $0.settings["user"] }) {
            if let user = name.flatMap({ UserIdentity(named: $0) }) { users.insert(user.user) }
        }
        // supervisord itself may have been started by another user.
        let names = Set(listeners.flatMap(\.processes))
        for info in processes ?? [] where info.pid > 0 && names.contains(info.processName) {
            if let user = Self.owner(of: "/proc/\(info.pid)") { users.insert(user) }
        }
        self.users = users
    }

    /// Reads a file.
    ///
    /// - Parameter path: The file.
    /// - Returns: Its text, empty if it cannot be read, or the name of a user whose files are not
    ///   read.
    func text(of path: String) -> (text: String, stranger: String?) {
        var trusted = users
        // Who owns the directory can replace the files in it.
        if let owner = Self.owner(of: path.parentDirectory) { trusted.insert(owner) }
        var owner: UInt32 = 0
        let bytes = try? Descriptor.contents(of: path, ownedBy: trusted, owner: &owner)
        guard trusted.contains(owner) else {
            return ("", UserName.orNumber(of: owner))
        }
        return (String(decoding: bytes ?? [], as: UTF8.self), nil)
    }

    private static func owner(of path: String) -> UInt32? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? status.st_uid : nil
    }
}

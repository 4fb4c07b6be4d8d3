internal import Glibc
internal import System

/// What a setting requires, as supervisord checks it when it starts (`supervisor/datatypes.py`).
enum SettingKind: Hashable {
    /// Any text.
    case text
    /// An integer of at least this value.
    case integer(atLeast: Int = .min)
    /// The maximum number of open files.
    case fileCount
    /// true or false.
    case boolean
    /// true, false or unexpected.
    case restart
    /// A signal by name or number.
    case signal
    /// An octal number.
    case octal
    /// A number of bytes, possibly with KB, MB or GB.
    case byteSize
    /// A log level.
    case logLevel
    /// Exit statuses, separated by commas.
    case exitStatuses
    /// A user of this host.
    case user
    /// A user, possibly with a group: `user:group`.
    case owner
    /// A file in a directory that exists.
    case file
    /// A ``file`` whose name fits into the address of a socket.
    case socketFile
    /// A ``file``, NONE, AUTO or syslog.
    case logFile
    /// A directory that exists.
    case directory
    /// A port, possibly with a host: `host:port`.
    case port

    /// Returns why supervisord rejects a value.
    ///
    /// - Parameter value: The value, after expansion.
    /// - Returns: The reason, to be read after `NAME=VALUE`; nil if it is accepted.
    func fault(of value: String) -> String? {
        switch self {
        case .text: nil
        case .integer(let least): Self.integerFault(value, least)
        case .fileCount: Self.fileCountFault(value)
        case .boolean: Self.isBoolean(value) ? nil : "is neither true nor false"
        case .restart:
            Self.isBoolean(value) || value.lowercased() == "unexpected"
                ? nil : "is none of true, false and unexpected"
        case .signal: SignalNames.contain(value) ? nil : "is not a signal, such as TERM"
        case .octal:
            PythonInteger.parse(value, radix: 8) == nil
                ? "is not an octal number, such as 022" : nil
        case .byteSize: Self.isSize(value) ? nil : "is not a size, such as 50MB"
        case .logLevel:
            Self.levels.contains(value.lowercased())
                ? nil : "is none of \(Self.levels.joined(separator: ", "))"
        case .exitStatuses:
            Self.areStatuses(value) ? nil : "is not a list of numbers from 0 to 255, such as 0,2"
        case .user: HostAccounts.hasUser(value) ? nil : "is not a user of this host"
        case .owner: Self.isOwner(value) ? nil : "is not a user of this host, or user:group"
        case .file: Self.fileFault(value)
        case .socketFile: Self.fileFault(value) ?? Self.socketFault(value)
        case .logFile:
            ["none", "off", "auto", "syslog"].contains(value.lowercased())
                ? nil : Self.fileFault(value)
        case .directory:
            Self.isMissingDirectory(value) ? "is not a directory: create it" : nil
        case .port: Self.portFault(value)
        }
    }

    // MARK: Values

    private static func integerFault(_ value: String, _ least: Int) -> String? {
        guard let number = PythonInteger.parse(value) else { return "is not a whole number" }
        return number < least ? "is less than \(least)" : nil
    }

    /// Not even root can open more files than the kernel's limit (proc(5), `fs/nr_open`).
    private static func fileCountFault(_ value: String) -> String? {
        guard let number = PythonInteger.parse(value) else { return "is not a whole number" }
        let limit = (try? Descriptor.contents(of: "/proc/sys/fs/nr_open")).flatMap {
            PythonInteger.parse(String(decoding: $0, as: UTF8.self))
        }
        guard let limit, number > limit else { return nil }
        return "is more than the kernel allows, \(limit)"
    }

    /// Whether a value means true.
    static func isTrue(_ value: String) -> Bool {
        ["yes", "true", "on", "1"].contains(value.lowercased())
    }

    private static func isBoolean(_ value: String) -> Bool {
        isTrue(value) || ["no", "false", "off", "0"].contains(value.lowercased())
    }

    /// Whether a size is accepted and zero.
    static func isZeroSize(_ value: String) -> Bool {
        let hasUnit = ["kb", "mb", "gb"].contains { value.lowercased().hasSuffix($0) }
        return PythonInteger.parse(value.dropLast(hasUnit ? 2 : 0)) == 0
    }

    private static func isSize(_ value: String) -> Bool {
        let hasUnit = ["kb", "mb", "gb"].contains { value.lowercased().hasSuffix($0) }
        return PythonInteger.parse(value.dropLast(hasUnit ? 2 : 0)) != nil
    }

    private static let levels = [
        "critical", "error", "warn", "info", "debug", "trace", "blather",
    ]

    private static func areStatuses(_ value: String) -> Bool {
        value.isEmpty
            || value.split(separator: ",", omittingEmptySubsequences: false).allSatisfy {
                PythonInteger.parse($0).map { (0...255).contains($0) } ?? false
            }
    }

    private static func isOwner(_ value: String) -> Bool {
        let parts = value.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard HostAccounts.hasUser(String(parts[0])) else { return false }
        return parts.count == 1 || HostAccounts.hasGroup(String(parts[1]))
    }

    /// supervisord's servers have IPv4 addresses only.
    private static func portFault(_ value: String) -> String? {
        let colon = value.lastIndex(of: ":")
        let port = colon.map { value[value.index(after: $0)...] } ?? value[...]
        let host = colon.map { value[..<$0] } ?? ""
        guard !host.contains(where: { "[]:".contains($0) }) || host.contains("/") else {
            return "is an IPv6 address, which supervisord does not support: "
                + "write port=127.0.0.1:9001, or another IPv4 address"
        }
        let isNumeric = host.utf8.allSatisfy { ".0123456789".utf8.contains($0) }
        let isHost =
            host.isEmpty || (isNumeric ? isAddress(host) : !host.contains { " /\t".contains($0) })
        let isPort = PythonInteger.parse(port).map { (1...65_535).contains($0) } ?? false
        return isHost && isPort ? nil : "is not a port or host:port, such as 127.0.0.1:9001"
    }

    /// Whether a host of digits and dots is an IPv4 address (inet_aton(3)).
    private static func isAddress(_ host: Substring) -> Bool {
        var address = in_addr()
        return unsafe inet_aton(String(host), &address) != 0
    }

    // MARK: Files

    private static func fileFault(_ value: String) -> String? {
        let folder = value.parentDirectory
        guard value.contains("/"), isMissingDirectory(folder) else { return nil }
        return "is in a directory that does not exist: create \(folder)"
    }

    /// The largest size of a socket's path, in bytes (unix(7), `sun_path`).
    private static let socketLimit = 107

    /// The largest size of a path in bytes, with which supervisord can create its socket whatever
    /// its process identifier: it first creates `PATH.PID`.
    static let safeSocketSize = socketLimit - ".4194303".utf8.count

    private static func socketFault(_ value: String) -> String? {
        let isLong = value.utf8.count > socketLimit - ".1".utf8.count
        guard value.utf8.first == UInt8(ascii: "/"), isLong else { return nil }
        return "is too long for a socket: write at most \(safeSocketSize) bytes"
    }

    /// Whether a path is certainly a directory.
    static func isDirectory(_ path: String) -> Bool {
        path.utf8.first == UInt8(ascii: "/") && Directory.exists(at: path)
    }

    /// Whether a path is certainly not a directory.
    ///
    /// A relative path depends on where supervisord is started, and `~` on its user.
    private static func isMissingDirectory(_ path: String) -> Bool {
        guard !path.isEmpty else { return true }
        guard path.utf8.first == UInt8(ascii: "/") else { return false }
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return errno == ENOENT || errno == ENOTDIR }
        return status.st_mode & S_IFMT != S_IFDIR
    }
}

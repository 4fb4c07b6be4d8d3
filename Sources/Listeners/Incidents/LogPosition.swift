internal import Alerting
internal import Glibc
internal import System

/// The end of a log at some time: what follows was written later.
struct LogPosition: Hashable {
    /// The file, by numbers that do not change when it is renamed.
    private let device: UInt64
    private let inode: UInt64

    /// Its size in bytes.
    let size: Int

    /// When it was last written to, by the kernel's clock: up to 10 ms too early.
    private let modified: Timestamp

    /// The relation of a file to the log.
    enum Place {
        /// The file is the log, and at least as long as before.
        case here
        /// The file is the log, but shorter than before.
        case emptied
        /// The file is another one.
        case elsewhere
    }

    /// Determines the current end of a log.
    ///
    /// - Parameter path: The log; the result is nil if it is not a visible regular file.
    init?(_ path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return nil
        }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int(status.st_size)
        modified = Timestamp(
            seconds: status.st_mtim.tv_sec, milliseconds: status.st_mtim.tv_nsec / 1_000_000)
    }

    /// Parses the fields of a record.
    init?(fields: ArraySlice<String>) {
        let numbers = fields.prefix(3).compactMap { UInt64($0) }
        guard fields.count == Self.fieldCount, numbers.count == 3,
            let size = Int(exactly: numbers[2]),
            let modified = Timestamp(fields: fields.dropFirst(3))
        else { return nil }
        (device, inode, self.size, self.modified) = (numbers[0], numbers[1], size, modified)
    }

    /// The position as fields of a record.
    var fields: [String] { ["\(device)", "\(inode)", "\(size)"] + modified.fields }

    /// The number of ``fields``.
    static let fieldCount = 5

    /// Whether the log was written to so late that it may have been a process that was started
    /// then.
    ///
    /// - Parameter start: When the process was started.
    /// - Returns: Whether it may have been that process.
    func mayHaveLines(since start: Timestamp) -> Bool { start.since(modified) < Self.clockError }

    /// The longest tick of the kernel's clock.
    private static let clockError = Duration.milliseconds(10)

    /// Whether the log was empty then although its process had written to it: the next one may have
    /// written to it since.
    ///
    /// - Parameters:
    ///   - start: When the process was started, in seconds since 1970.
    ///   - path: The log.
    /// - Returns: Whether it was emptied between that and this position.
    func wasEmptied(since start: Int, in path: String) -> Bool {
        size == 0 && modified.seconds > max(start - 1, LogFile.birth(path))
    }

    /// Compares an open file with the log.
    func place(of file: Descriptor) -> Place {
        var status = stat()
        guard unsafe fstat(file.rawValue, &status) == 0 else { return .elsewhere }
        return place(status)
    }

    /// Compares the file at a path with the log.
    func place(of path: String) -> Place {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return .elsewhere }
        return place(status)
    }

    private func place(_ status: stat) -> Place {
        guard UInt64(status.st_dev) == device, UInt64(status.st_ino) == inode else {
            return .elsewhere
        }
        return Int(status.st_size) < size ? .emptied : .here
    }
}

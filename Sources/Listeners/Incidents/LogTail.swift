internal import EventLoop
internal import Glibc
internal import System
internal import Text

/// The last lines of a log file.
enum LogTail {
    /// The maximum number of bytes read.
    private static let reach = 65_536

    /// The rotated files that are searched for the log.
    private static let rotations = 1...3

    /// The result of reading.
    enum Finding: Equatable {
        /// The lines, without line ends.
        case lines([String])
        /// No lines.
        ///
        /// The flag is whether supervisord may be asked, because it would read the same file.
        case none(mayBeAsked: Bool)
        /// No lines, for a reason to report, as one clause.
        case refused(String)
    }

    /// The users whose links to logs are followed: root and supervisord's user.
    static let owners: Set<UInt32> = Set([SupervisordProcess.user].compactMap { $0 })

    /// Reads the last lines of a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - count: How many lines.
    ///   - position: Where to end; the current end by default. If the log was rotated since, the
    ///     rotated file is read.
    ///   - begin: Where to begin; if the log was rotated since, at the begin of the file.
    ///   - owners: The users whose links are followed.
    ///   - folder: The directory that a relative path is relative to.
    /// - Returns: The lines, or why there are none.
    static func read(
        _ path: String, count: Int, before position: LogPosition? = nil,
        after begin: LogPosition? = nil, owners: Set<UInt32> = owners,
        folder: String? = SupervisordProcess.directory
    ) -> Finding {
        let isAbsolute = path.utf8.first == UInt8(ascii: "/")
        guard let place = isAbsolute ? path : folder.map({ "\($0)/\(path)" }) else {
            return .refused("its path is relative to an unknown directory")
        }
        switch GuardedFile.open(place, owners: owners) {
        case .file(let file):
            defer { file.close() }
            guard let position else {
                return .lines(lines(of: file, count: count, after: begin))
            }
            switch position.place(of: file) {
            case .here:
                return .lines(
                    lines(of: file, count: count, before: position.size, after: begin))
            case .emptied: return .refused(emptied)
            case .elsewhere:
                return readRotated(place, count: count, before: position, after: begin, owners)
            }
        case .absent(isProtected: true): return .none(mayBeAsked: true)
        case .absent(isProtected: false): return .refused("there is no such file")
        // Standard error is discarded or goes to supervisord's own: there is no log.
        case .special where place.beginsExactly(with: "/dev/"): return .none(mayBeAsked: false)
        case .special: return .refused("it is not a regular file")
        case .denied(isProtected: true): return .none(mayBeAsked: true)
        case .denied(isProtected: false):
            return .refused("permission denied, and another user may have replaced it")
        case .refused(let reason): return .refused(reason)
        }
    }

    /// The reason for a log that became shorter.
    static let emptied = "it was truncated after the process died"

    /// The reason for a log whose file is gone.
    static let rotated = "it was rotated after the process died"

    private static func readRotated(
        _ path: String, count: Int, before position: LogPosition, after begin: LogPosition?,
        _ owners: Set<UInt32>
    ) -> Finding {
        for number in rotations {
            let older = GuardedFile.open("\(path).\(number)", owners: owners)
            guard case .file(let file) = older else { continue }
            defer { file.close() }
            guard position.place(of: file) == .here else { continue }
            return .lines(lines(of: file, count: count, before: position.size, after: begin))
        }
        return .refused(rotated)
    }

    private static func lines(
        of file: Descriptor, count: Int, before end: Int? = nil, after begin: LogPosition?
    ) -> [String] {
        var status = stat()
        guard unsafe fstat(file.rawValue, &status) == 0 else { return [] }
        let end = min(end ?? Int(status.st_size), Int(status.st_size))
        let first = begin.map { $0.place(of: file) == .here ? min($0.size, end) : 0 } ?? 0
        let start = max(first, end - reach)
        lseek(file.rawValue, off_t(start), SEEK_SET)
        var bytes: [UInt8] = []
        while bytes.count < end - start,
            case .bytes(let more) = file.read(atMost: end - start - bytes.count)
        {
            bytes += more
        }
        return last(count, of: String(decoding: bytes, as: UTF8.self), isCut: start > first)
    }

    /// Returns the last lines of a text.
    ///
    /// - Parameters:
    ///   - count: How many lines.
    ///   - text: The text.
    ///   - isCut: Whether the text begins within a line, which is then omitted.
    /// - Returns: The lines without line ends.
    static func last(_ count: Int, of text: String, isCut: Bool) -> [String] {
        var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        if isCut && lines.count > 1 { lines.removeFirst() }
        return lines.suffix(count).map { line in
            let isWindows = line.last == UInt8(ascii: "\r")
            // Limits long lines, which would otherwise fill the whole mail.
            return String(Substring(isWindows ? line.dropLast() : line).suffix(scalars: 1_000))
        }
    }
}

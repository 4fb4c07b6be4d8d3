internal import EventLoop
internal import Glibc
internal import System
internal import Text

/// The last lines of a log file.
enum LogTail {
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

    /// The files before the log's own, to which a process may have written.
    struct Rotations {
        /// When the process was started, in seconds since 1970.
        let start: Int
        /// Whether to include one that is older than the process, and contains the lines of others.
        var includesOlder = false
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
    ///   - begin: Where to begin; if the log was rotated since, at the start of the file.
    ///   - known: Some earlier position, to recognize a file that was renamed.
    ///   - rotations: The files to which lines that are missing in the last one were written; nil
    ///     for none.
    ///   - owners: The users whose links are followed.
    ///   - folder: The directory that a relative path is relative to.
    /// - Returns: The lines, or why there are none.
    static func read(
        _ path: String, count: Int, before position: LogPosition? = nil,
        after begin: LogPosition? = nil, known: LogPosition? = nil,
        continuing rotations: Rotations? = nil, owners: Set<UInt32> = owners,
        folder: String? = SupervisordProcess.directory
    ) -> Finding {
        let isAbsolute = path.utf8.first == UInt8(ascii: "/")
        guard let place = isAbsolute ? path : folder.map({ "\($0)/\(path)" }) else {
            return .refused("its path is relative to an unknown directory")
        }
        let reader = LogReader(
            path: place, count: count, begin: begin, rotations: rotations, owners: owners)
        switch GuardedFile.open(place, owners: owners) {
        case .file(let file):
            defer { file.close() }
            guard let position else { return .lines(reader.lines(file)) }
            switch position.place(of: file) {
            case .here: return .lines(reader.lines(file, before: position.size))
            case .emptied: return .refused(emptied)
            case .elsewhere: return readRotated(reader, before: position)
            }
        case .absent(let isProtected):
            if let lines = renamed(reader, before: position, known) { return lines }
            return isProtected ? .none(mayBeAsked: true) : .refused(absent)
        // Standard error is discarded or goes to supervisord's own: there is no log.
        case .special where place.beginsExactly(with: "/dev/"): return .none(mayBeAsked: false)
        case .special: return .refused("it is not a regular file")
        case .denied(isProtected: true): return .none(mayBeAsked: true)
        case .denied(isProtected: false):
            return .refused("permission denied, and another user may have replaced it")
        case .refused(let reason): return .refused(reason)
        }
    }

    /// The reason for a log without a file.
    static let absent = "there is no such file"

    /// The reason for a log that became shorter.
    static let emptied = "it was truncated after the process died"

    /// The reason for a log that is empty although something was written to it.
    static let emptiedBefore = "it was truncated or rotated before the process died"

    /// The reason for a log whose file is gone.
    static let rotated = "it was rotated after the process died"

    private static func readRotated(_ reader: LogReader, before position: LogPosition) -> Finding {
        for number in LogReader.numbers {
            guard let file = reader.open(number) else { continue }
            defer { file.close() }
            guard position.place(of: file) == .here else { continue }
            return .lines(reader.lines(file, number, before: position.size))
        }
        return .refused(rotated)
    }

    /// Reads a log that was renamed without a new one in its place, to which supervisord goes on
    /// writing; nil if there is none.
    private static func renamed(
        _ reader: LogReader, before position: LogPosition?, _ known: LogPosition?
    ) -> Finding? {
        for number in LogReader.numbers {
            guard let known = position ?? known, let file = reader.open(number) else { continue }
            defer { file.close() }
            guard known.place(of: file) == .here else { continue }
            return .lines(reader.lines(file, number, before: position?.size))
        }
        return nil
    }

    /// The new name of a log that was renamed without a new one in its place.
    ///
    /// - Parameters:
    ///   - path: The log.
    ///   - known: Some earlier position.
    /// - Returns: The name without the directory; nil if the log was not renamed.
    static func newName(of path: String, _ known: LogPosition) -> String? {
        guard unsafe access(path, F_OK) != 0 else { return nil }
        let name = path.split(separator: "/").last ?? ""
        return LogReader.numbers.first { known.place(of: "\(path).\($0)") == .here }
            .map { "\(name).\($0)" }
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
        let beginsWithin = isCut && lines.count <= 1
        if isCut && lines.count > 1 { lines.removeFirst() }
        return lines.suffix(count).map { line in
            let isWindows = line.last == UInt8(ascii: "\r")
            return shortened(Substring(isWindows ? line.dropLast() : line), beginsWithin)
        }
    }

    /// Shortens a long line, which would otherwise fill the whole mail.
    ///
    /// The level and the kind of an error are often at its start, and the cause at its end.
    private static func shortened(_ line: Substring, _ beginsWithin: Bool) -> String {
        guard beginsWithin || line.unicodeScalars.count > longestLine else { return String(line) }
        let begin = beginsWithin ? "" : line.prefix(scalars: lineBegin)
        let end = line.suffix(scalars: longestLine - lineBegin - ellipsis.unicodeScalars.count)
        return "\(begin)\(ellipsis)\(end)"
    }

    /// What is in the place of the omitted part of a line.
    private static let ellipsis = " \u{2026} "

    /// The maximum length of a line in characters.
    private static let longestLine = 1_000

    /// How many of them are from the start of the line.
    private static let lineBegin = 300
}

internal import Alerting
internal import ListenerProtocol
internal import SupervisorRPC
internal import System
internal import Text

/// The ends of a process's logs, from the files or from supervisord.
///
/// Many programs log to stdout (those of Node and PHP, and most in containers), so both logs are
/// included, stderr first.
///
/// Runs in a worker.
struct ProcessLog {
    /// Where to end.
    enum End {
        /// At the current end.
        case present
        /// At the end of the process, before the start of the next one if that is known. Files
        /// without a position may include lines of the next process.
        case mark(LogBegin.Mark?, before: Timestamp?)
    }

    private var excerpts: [LogExcerpt] = []
    /// The stream of the first excerpt.
    private var stream = LogStream.standardOutput
    private let info: SupervisedProcess
    private let count: Int
    private let end: End
    private let begin: LogBegin
    private let shared: Set<String>
    private let client: SupervisorClient

    /// The maximum number of bytes to request from supervisord.
    private static let reach = 16_384

    /// The note for lines that may be the next process's.
    static let mixed = "may include lines from the next process"

    /// The note for lines that may be an earlier process's.
    static let old = "may include lines from earlier processes"

    /// The note for the log of several processes.
    static let common = "may include lines from other processes with the same log"

    /// The reason for a log to which a process has written nothing.
    static let empty = "the process wrote nothing to it"

    /// Reads the ends of a process's logs.
    ///
    /// supervisord follows any link, and often runs as root, so it is asked only for a file that no
    /// other user can have placed there.
    ///
    /// - Parameters:
    ///   - info: The process.
    ///   - count: How many lines of each to include.
    ///   - end: Where to end.
    ///   - begin: Where to begin; nil if only the start of the process, and perhaps the end of the
    ///     one before, is known.
    ///   - previous: The ends of the logs when the process was started.
    ///   - shared: The paths of logs to which other processes write, too.
    ///   - client: The connection to supervisord, used if a file cannot be read.
    init?(
        of info: SupervisedProcess, lines count: Int, end: End = .present, begin: LogBegin? = nil,
        previous: LogBegin.Mark? = nil, shared: Set<String> = [], client: SupervisorClient
    ) {
        self.info = info
        self.count = count
        self.end = end
        self.begin = begin ?? LogBegin(started: info.start, previous: previous, later: nil)
        self.shared = shared
        self.client = client
        guard count > 0 else { return nil }
        var files: Set<String> = []
        for stream in LogStream.allCases {
            let file = stream.log(of: info)
            // Both streams may have the same file; the same word may stand for two.
            guard file.isExactly("AUTO") || files.insert(file).inserted else { continue }
            guard let excerpt = excerpt(stream) else { continue }
            if excerpts.allSatisfy({ $0.refusal == Self.empty }) { self.stream = stream }
            excerpts.append(excerpt)
        }
        // That a stream is silent matters only if both are.
        if excerpts.contains(where: { $0.refusal != Self.empty }) {
            excerpts.removeAll { $0.refusal == Self.empty }
        }
        excerpts = Array(excerpts.prefix(excerpts.first?.refusal == Self.empty ? 1 : 2))
        if excerpts.isEmpty && LogStream.shown(of: info).contains(.standardOutput) { return nil }
    }

    /// Reads the ends of a process's logs after the next process was started, which may have written
    /// to them.
    ///
    /// - Parameters:
    ///   - next: The next process.
    ///   - count: How many lines of each to include.
    ///   - client: The connection to supervisord.
    init?(before next: SupervisedProcess, lines count: Int, client: SupervisorClient) {
        self.init(
            of: next, lines: count, end: .mark(nil, before: nil),
            begin: LogBegin(started: nil, previous: nil, later: nil), client: client)
    }

    /// Adds the lines, or why there are none, and the command that shows them.
    func fill(_ diagnostics: inout Diagnostics) {
        diagnostics.logs += excerpts
        LogStream.note(info, in: &diagnostics)
        guard !excerpts.isEmpty else { return }
        diagnostics.logCommand = stream.command(for: info.processName)
    }

    /// The end of one log; nil if there is nothing to report.
    private func excerpt(_ stream: LogStream) -> LogExcerpt? {
        let file = stream.log(of: info)
        // A log at /dev/stdout is supervisord's own output, which other programs share.
        guard !file.isEmpty, !file.beginsExactly(with: "/dev/") else { return nil }
        // The Go implementation returns AUTO for a log that it manages itself. Any other name must
        // be checked first.
        let isHidden = file.isExactly("AUTO")
        let path = isHidden ? stream.name : file
        var position: LogPosition?
        var notes = shared.contains(file) ? [Self.common] : []
        var count = count
        if case .mark(let mark, let next) = end {
            position = mark?.positions[file]
            let isMixed =
                position.map { position in
                    guard let mark, let next else { return false }
                    return mark.mayHaveLines(since: next, before: position)
                } ?? true
            if isMixed {
                notes.append(Self.mixed)
                // The last words may be before the first lines of the next process.
                count *= 2
            }
        }
        if !isHidden, let known = position ?? begin.known(file),
            let name = LogTail.newName(of: file, known)
        {
            notes.append("renamed to \(name)")
        }
        let finding: LogTail.Finding
        switch isHidden ? nil : begin.place(in: file) {
        case nil:
            finding = read(count, stream, isHidden ? nil : file, before: position, after: nil)
        case .exactly(let start, let since):
            let own = read(
                count, stream, file, before: position, after: start,
                continuing: LogTail.Rotations(start: since))
            finding =
                isFull(own, count)
                ? own
                : read(
                    count, stream, file, before: position, after: start,
                    continuing: LogTail.Rotations(start: since, includesOlder: true))
            if finding != own { notes.append(Self.old) }
            if case .lines([]) = finding {
                let wasEmptied =
                    LogFile.wasEmptied(file, since: since)
                    || position?.wasEmptied(since: since, in: file) ?? false
                    || start.map { $0.place(of: file) == .elsewhere } ?? false
                return LogExcerpt(path, refusal: wasEmptied ? LogTail.emptiedBefore : Self.empty)
            }
        case .before(let start):
            let own = start.map { read(count, stream, file, before: position, after: $0) }
            if let own, isFull(own, count), case .lines(let lines) = own {
                return Self.excerpt(path, lines, notes)
            }
            finding = read(
                count, stream, file, before: position, after: nil,
                continuing: begin.started.map {
                    LogTail.Rotations(start: $0, includesOlder: true)
                })
            if finding != own { notes.append(Self.old) }
            if case .lines([]) = finding, let started = begin.started,
                LogFile.wasEmptied(file, since: started)
                    || position?.wasEmptied(since: started, in: file) ?? false
            {
                return LogExcerpt(path, refusal: LogTail.emptiedBefore)
            }
        }
        switch finding {
        case .lines(let lines): return Self.excerpt(path, lines, notes)
        case .none: return nil
        case .refused(let reason): return LogExcerpt(path, refusal: reason)
        }
    }

    private func isFull(_ finding: LogTail.Finding, _ count: Int) -> Bool {
        guard case .lines(let lines) = finding else { return false }
        return lines.count == count
    }

    /// Reads the lines of one log between two positions.
    private func read(
        _ count: Int, _ stream: LogStream, _ file: String?, before position: LogPosition?,
        after start: LogPosition?, continuing rotations: LogTail.Rotations? = nil
    ) -> LogTail.Finding {
        let finding =
            file.map { file in
                LogTail.read(
                    file, count: count, before: position, after: start,
                    known: begin.known(file), continuing: rotations)
            } ?? .none(mayBeAsked: true)
        guard finding == .none(mayBeAsked: true) else { return finding }
        guard let file else { return .lines(asked(count, stream, before: nil, after: 0)) }
        switch position?.place(of: file) {
        case .emptied: return .refused(LogTail.emptied)
        case .elsewhere: return .refused(LogTail.rotated)
        case .here, nil:
            let first = start.map { $0.place(of: file) == .here ? $0.size : 0 } ?? 0
            let end = position ?? LogPosition(file)
            let lines = asked(count, stream, before: end, after: first)
            return lines.isEmpty && end == nil ? .refused(LogTail.absent) : .lines(lines)
        }
    }

    private static func excerpt(
        _ path: String, _ lines: [String], _ notes: [String]
    ) -> LogExcerpt? {
        guard !lines.isEmpty else { return nil }
        return LogExcerpt(
            path, lines: lines, note: notes.isEmpty ? nil : notes.joined(separator: "; "))
    }

    private func asked(
        _ count: Int, _ stream: LogStream, before position: LogPosition?, after first: Int
    ) -> [String] {
        let size = position.map { max(0, $0.size - first) }
        let bytes = min(Self.reach, size ?? Self.reach)
        guard
            bytes > 0,
            let text = stream.asked(of: info, bytes: bytes, before: position?.size, client)
        else { return [] }
        let isCut = size.map { $0 > bytes } ?? (text.utf8.count >= bytes)
        return LogTail.last(count, of: text, isCut: isCut)
    }
}

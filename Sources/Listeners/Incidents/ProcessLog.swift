internal import Alerting
internal import ListenerProtocol
internal import SupervisorRPC
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
        /// At the positions, by path. Files without one, and all files if the positions are late,
        /// may include lines of the next process.
        case positions([String: LogPosition], areLate: Bool)
    }

    private var excerpts: [LogExcerpt] = []
    /// The stream of the first excerpt.
    private var stream = LogStream.standardOutput
    private let info: ProcessInfo
    private let count: Int
    private let end: End
    private let client: SupervisorClient

    /// The maximum number of bytes to request from supervisord.
    private static let reach = 16_384

    /// The note for lines that may be the next process's.
    static let mixed = "the next process's lines may be among them"

    /// Reads the ends of a process's logs.
    ///
    /// supervisord follows any link, and often runs as root, so it is asked only for a file that no
    /// other user can have placed there.
    ///
    /// - Parameters:
    ///   - info: The process.
    ///   - count: How many lines of each to include.
    ///   - end: Where to end.
    ///   - client: The connection to supervisord, used if a file cannot be read.
    init?(of info: ProcessInfo, lines count: Int, end: End = .present, client: SupervisorClient) {
        self.info = info
        self.count = count
        self.end = end
        self.client = client
        guard count > 0 else { return nil }
        for stream in LogStream.allCases {
            guard let excerpt = excerpt(stream) else { continue }
            if excerpts.isEmpty { self.stream = stream }
            excerpts.append(excerpt)
        }
        if excerpts.isEmpty { return nil }
    }

    /// Adds the lines, or why there are none.
    func fill(_ diagnostics: inout Diagnostics) {
        diagnostics.logs += excerpts
        diagnostics.logCommand = stream.command(for: info.processName)
    }

    /// The end of one log; nil if there is nothing to report.
    private func excerpt(_ stream: LogStream) -> LogExcerpt? {
        let file = stream.log(of: info)
        guard !file.isEmpty else { return nil }
        // The Go implementation returns AUTO for a log that it manages itself. Any other name must
        // be checked first.
        let isHidden = file.isExactly("AUTO")
        let path = isHidden ? stream.name : file
        var position: LogPosition?
        var note: String?
        if case .positions(let positions, let areLate) = end {
            position = positions[file]
            note = position == nil || areLate ? Self.mixed : nil
        }
        let finding =
            isHidden
            ? .none(mayBeAsked: true) : LogTail.read(file, count: count, before: position)
        switch finding {
        case .lines(let lines): return Self.excerpt(path, lines, note)
        case .none(mayBeAsked: false): return nil
        case .refused(let reason): return LogExcerpt(path, refusal: reason)
        case .none(mayBeAsked: true):
            switch position?.place(of: file) {
            case .emptied: return LogExcerpt(path, refusal: LogTail.emptied)
            case .elsewhere: return LogExcerpt(path, refusal: LogTail.rotated)
            case .here, nil: return Self.excerpt(path, asked(stream, before: position), note)
            }
        }
    }

    private static func excerpt(_ path: String, _ lines: [String], _ note: String?) -> LogExcerpt? {
        lines.isEmpty ? nil : LogExcerpt(path, lines: lines, note: note)
    }

    private func asked(_ stream: LogStream, before position: LogPosition?) -> [String] {
        let bytes = min(Self.reach, position?.size ?? Self.reach)
        guard
            bytes > 0,
            let text = stream.asked(of: info, bytes: bytes, before: position?.size, client)
        else { return [] }
        let isCut = position.map { $0.size > bytes } ?? (text.utf8.count >= bytes)
        return LogTail.last(count, of: text, isCut: isCut)
    }
}

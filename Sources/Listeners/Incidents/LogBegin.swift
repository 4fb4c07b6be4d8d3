internal import System

/// Where the lines of one process begin in its logs: supervisord appends those of each next
/// process.
struct LogBegin {
    /// The ends of the logs at some time, by path.
    struct Mark: Hashable {
        /// The time.
        let time: Timestamp
        let positions: [String: LogPosition]
        /// Whether it is that of an event which supervisord sent at once, since the listener was
        /// READY: then it had started no other process before.
        var isPrompt = true

        /// The present ends of logs.
        ///
        /// - Parameters:
        ///   - paths: The logs.
        ///   - isPrompt: Whether supervisord has started no process since the event.
        /// - Returns: The ends of those that can be seen.
        static func present(of paths: [String], isPrompt: Bool = true) -> Mark {
            let positions = paths.compactMap { path in LogPosition(path).map { (path, $0) } }
            return Mark(
                time: .now, positions: Dictionary(positions) { $1 }, isPrompt: isPrompt)
        }

        /// The ends of some of the logs.
        func limited(to paths: [String]) -> Mark {
            Mark(
                time: time, positions: positions.filter { paths.contains($0.key) },
                isPrompt: isPrompt)
        }

        /// Whether there may be lines of a process before the end of a log.
        ///
        /// - Parameters:
        ///   - start: When the process was started.
        ///   - position: The end of the log.
        /// - Returns: Whether there may be some.
        func mayHaveLines(since start: Timestamp, before position: LogPosition) -> Bool {
            // supervisord's log has the time after the start, and both are in whole milliseconds.
            let delay = Duration.milliseconds(isPrompt ? 2 : 0)
            return time.since(start) >= delay && position.mayHaveLines(since: start)
        }
    }

    /// When the process was started, in seconds since 1970; nil if unknown.
    let started: Int?
    /// The end of the previous process; nil if unknown.
    let previous: Mark?
    /// When the first process after that was started, in seconds since 1970, if the listener knows.
    var next: Int?
    /// The same as ``started``, in milliseconds, if supervisord's log has it.
    var exactStart: Timestamp?
    /// The ends of the logs at some later time; nil if unknown.
    let later: Mark?

    /// How long after the end of a process supervisord starts the next one, in seconds.
    ///
    /// If it takes longer, there may have been another one in between, without an event.
    private static let restart = 2

    /// Where its lines begin in a log.
    enum Place {
        /// Exactly there, nil is the start of the file; since then, in seconds since 1970, the log
        /// may have been rotated.
        case exactly(LogPosition?, since: Int)
        /// Unknown; what follows the position is its own.
        case before(LogPosition?)
    }

    /// Some earlier position in a log, to recognize the file; nil if none is known.
    func known(_ path: String) -> LogPosition? {
        later?.positions[path] ?? previous?.positions[path]
    }

    /// Determines where its lines begin in a log.
    ///
    /// - Parameter path: The log.
    /// - Returns: The place.
    func place(in path: String) -> Place {
        // 0 if it could not even be started.
        guard let started, started > 0 else { return .before(nil) }
        if let previous, let position = previous.positions[path],
            started <= max(previous.time.seconds, next ?? 0) + Self.restart
        {
            // It may have written some lines before the end of the previous one was known.
            let isLate = exactStart.map { previous.mayHaveLines(since: $0, before: position) }
            return isLate == true ? .before(position) : .exactly(position, since: started)
        }
        // The file has been created for this process, or by a rotation since.
        if LogFile.birth(path) >= started - 1 { return .exactly(nil, since: started) }
        guard let later, later.time.seconds >= started else { return .before(nil) }
        return .before(later.positions[path])
    }
}

internal import System

/// Where the lines of one process begin in its logs: supervisord appends those of each next
/// process.
struct LogBegin {
    /// The ends of the logs at some time, by path.
    struct Mark: Hashable {
        /// The time, in seconds since 1970.
        let time: Int
        let positions: [String: LogPosition]

        /// The present ends of logs.
        ///
        /// - Parameter paths: The logs.
        /// - Returns: The ends of those that can be seen.
        static func present(of paths: [String]) -> Mark {
            let positions = paths.compactMap { path in LogPosition(path).map { (path, $0) } }
            return Mark(
                time: Timestamp.now.seconds, positions: Dictionary(positions) { $1 })
        }

        /// The same positions at a later time, until which nothing was written.
        func moved(to time: Int) -> Mark { Mark(time: max(self.time, time), positions: positions) }
    }

    /// When the process was started, in seconds since 1970; nil if unknown.
    let started: Int?
    /// The end of the previous process; nil if unknown.
    let previous: Mark?
    /// The ends of the logs at some later time; nil if unknown.
    let later: Mark?

    /// How long after the end of a process supervisord starts the next one, in seconds.
    ///
    /// If it takes longer, there may have been another one in between, without an event.
    private static let restart = 2

    /// Where its lines begin in a log.
    enum Place {
        /// Exactly there, nil is the begin of the file; since then, in seconds since 1970, the log
        /// may have been rotated.
        case exactly(LogPosition?, since: Int)
        /// Unknown; what follows the position is its own.
        case before(LogPosition?)
    }

    /// Determines where its lines begin in a log.
    ///
    /// - Parameter path: The log.
    /// - Returns: The place.
    func place(in path: String) -> Place {
        // 0 if it could not even be started.
        guard let started, started > 0 else { return .before(nil) }
        if let previous, started <= previous.time + Self.restart,
            let position = previous.positions[path]
        {
            return .exactly(position, since: started)
        }
        // The file has been created for this process, or by a rotation since.
        if LogFile.birth(path) >= started - 1 { return .exactly(nil, since: started) }
        guard let later, later.time >= started else { return .before(nil) }
        return .before(later.positions[path])
    }
}

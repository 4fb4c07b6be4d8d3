internal import System

/// Where the lines of a process that has ended begin and end in its logs.
struct LogSpan {
    /// The possible ends of the process before, in order of time; empty if unknown.
    var begins: [LogBegin.Mark] = []
    /// When it was started after that, in seconds since 1970; nil if unknown.
    var started: Int?
    /// The ends of the logs when the listener listed the processes; nil if it has not yet.
    var listed: LogBegin.Mark?
    /// Its possible ends, in order of time: the last one is that of its own event, the others are
    /// those of events about other processes shortly before.
    let ends: [LogBegin.Mark]
    /// Whether it has ended before it was RUNNING, so that FATAL may follow.
    var isBackoff = false

    init(ends: [LogBegin.Mark]) {
        self.ends = ends
    }

    /// Its end: the first one after its death, so that there are the fewest lines of the next
    /// process before it.
    ///
    /// - Parameter death: When it died; nil if unknown.
    /// - Returns: The end.
    func end(after death: Timestamp?) -> LogBegin.Mark? { Self.first(of: ends, after: death) }

    /// Where its lines begin.
    ///
    /// - Parameters:
    ///   - started: When it was started, in seconds since 1970; nil if unknown.
    ///   - life: The times of supervisord's log.
    /// - Returns: The begin.
    func begin(started: Int?, _ life: SupervisordLog.Life?) -> LogBegin {
        LogBegin(
            started: started, previous: Self.first(of: begins, after: life?.previousEnd),
            next: self.started, exactStart: life?.start, later: listed)
    }

    private static func first(
        of marks: [LogBegin.Mark], after time: Timestamp?
    ) -> LogBegin.Mark? {
        time.flatMap { time in marks.first { $0.time > time } } ?? marks.last
    }
}

/// Where the lines of a process that has ended begin and end in its logs.
struct LogSpan {
    /// The end of the process before; nil if unknown.
    var begin: LogBegin.Mark?
    /// The ends of the logs when the listener listed the processes; nil if it has not yet.
    var listed: LogBegin.Mark?
    /// Its own end.
    let end: LogBegin.Mark
    /// Whether it has ended before it was RUNNING, so that FATAL may follow.
    var isBackoff = false

    init(end: LogBegin.Mark) {
        self.end = end
    }

    /// Where its lines begin.
    ///
    /// - Parameter started: When it was started, in seconds since 1970; nil if unknown.
    /// - Returns: The begin.
    func begin(started: Int?) -> LogBegin {
        LogBegin(started: started, previous: begin, later: listed)
    }
}

internal import Alerting
internal import ListenerProtocol

/// A process that becomes FATAL again after it was started again, by fatalretry or a person.
struct FatalSeries {
    /// The first mail.
    let start: ThreadStart
    /// How often it was started again.
    let attempt: Int

    /// Finds the series of a process; nil if it is FATAL for the first time.
    ///
    /// - Parameters:
    ///   - process: The process, which is FATAL now; nil for none.
    ///   - threads: The alerts so far.
    init?(of process: ProcessName?, in threads: AlertThreads) {
        guard let process, let thread = threads.fatal[process] else { return nil }
        start = thread.start
        attempt = thread.count
    }

    /// The words after superlance's message.
    ///
    /// - Parameter earlier: How many further times it became FATAL, not reported yet.
    /// - Returns: The words.
    func remark(after earlier: Int = 0) -> String {
        "(FATAL again, attempt \(attempt + earlier))"
    }
}

internal import Alerting
internal import ListenerProtocol
internal import System

/// The alert about a recovery: in the thread of the first mail, with the downtime and the count.
struct RecoveryReport {
    /// What was reported before.
    let thread: AlertThread
    /// When the downtime ended.
    let end: Timestamp
    /// What is counted, such as `crashes`; nil to count nothing.
    var failures: String?
    /// What lasted until then.
    var period = "downtime"
    /// What happened, for the headline; nil for the usual words.
    var predicate: String?

    /// The alert.
    ///
    /// - Parameter message: What has recovered.
    /// - Returns: The alert.
    func alert(_ message: String) -> Alert {
        let time = Timestamp.now
        let begin = thread.first.start
        // supervisord's times are in whole seconds.
        let recovery = max(end, begin)
        let seconds = recovery.seconds - begin.seconds
        var diagnostics = Diagnostics(host: HostName.current)
        let duration = Diagnostics.duration(seconds)
        let lines = [
            "\(period): \(duration), from \(begin.asctime) to \(recovery.asctime)",
            failures.map { "\($0): \(thread.count)" },
        ]
        diagnostics.sections = [lines.compactMap { $0 }.joined(separator: "\n")]
        var incident = Incident(
            .recovered, at: time, to: thread.first.process, message: message,
            diagnostics: diagnostics)
        (incident.check, incident.notice) = (thread.first.check, thread.first.notice)
        incident.predicate = predicate ?? Incident.recovered(after: seconds)
        // Services that track resolution get another one for kinds that last.
        incident.recovery = Incident.Recovery(
            of: thread.first.kind, since: begin, isForPeople: thread.first.kind != .other)
        return Alert(
            subject: thread.start.reply, body: incident.text, time: time, incidents: [incident],
            predecessor: thread.start.identity)
    }
}

internal import Alerting
internal import ListenerProtocol
internal import System

/// The alert about a recovery: in the thread of the first mail, with the downtime and the count.
struct RecoveryReport {
    /// What was reported before.
    let thread: AlertThread
    /// When the downtime ended.
    let end: Timestamp
    /// What is counted, such as `crashes`.
    let failures: String

    /// The alert.
    ///
    /// - Parameter message: What has recovered.
    /// - Returns: The alert.
    func alert(_ message: String) -> Alert {
        let time = Timestamp.now
        let begin = thread.first.start
        let seconds = max(0, end.seconds - begin.seconds)
        var diagnostics = Diagnostics(host: HostName.current)
        diagnostics.sections = [
            """
            downtime: \(Diagnostics.duration(seconds)), from \(begin.asctime) to \(end.asctime)
            \(failures): \(thread.count)
            """
        ]
        var incident = Incident(
            .recovered, at: time, to: thread.first.process, message: message,
            diagnostics: diagnostics)
        incident.check = thread.first.check
        incident.recovery = Incident.Recovery(
            of: thread.first.kind, since: begin, isForPeople: true)
        return Alert(
            subject: thread.start.reply, body: incident.text, time: time, incidents: [incident],
            predecessor: thread.start.identity)
    }
}

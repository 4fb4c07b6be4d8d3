internal import Alerting
internal import ListenerProtocol
internal import System

/// The alert about a process that was started again on a later tick, after its start had failed.
struct LateStart {
    /// The process.
    let process: ProcessName

    /// The alert.
    ///
    /// - Parameter title: Adds the listener's prefix to a subject.
    /// - Returns: The alert.
    func alert(title: (String) -> String) -> Alert {
        let text = "\(process) restarted"
        let time = Timestamp.now
        var incident = Incident(
            .recovered, at: time, to: process, message: text,
            diagnostics: Diagnostics(host: HostName.current))
        incident.predicate = Self.predicate
        incident.diagnostics?.state = RestartOutcome.restarted.state(after: "")
        return Alert(
            subject: title(text), body: incident.text, time: time, incidents: [incident])
    }

    /// What happened, for the headline.
    static let predicate = "restarted, after a start that had failed"
}

// What httpok says about one tick: line by line in the log, as a whole in the alert.

internal import Alerting
internal import System

/// What httpok says about one tick: line by line in the log, as a whole in the alert.
struct SiteReport {
    private let log: Log
    private let time = Timestamp.now
    private var message = ""
    private var diagnostics: Diagnostics

    init(log: Log, diagnostics: Diagnostics) {
        self.log = log
        self.diagnostics = diagnostics
    }

    /// Adds a line, or more.
    mutating func add(_ line: String) {
        log.say(line)
        message += message.isEmpty ? line : "\n\(line)"
    }

    /// Adds the end of a process's log, for the alert only.
    mutating func add(_ processLog: ProcessLog?) {
        guard let processLog else { return }
        var section = Diagnostics()
        section.logFile = processLog.path
        section.logTail = processLog.lines
        diagnostics.sections.append(section.text)
    }

    /// All of it.
    func alert(subject: String) -> Alert {
        let incident = Incident(.unhealthy, at: time, message: message, diagnostics: diagnostics)
        return Alert(subject: subject, body: incident.text, time: time, incidents: [incident])
    }
}

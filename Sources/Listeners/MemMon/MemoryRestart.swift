// Restarts a process that holds too much memory, and says so. Runs in a worker.

internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// Restarts a process that holds too much memory, and says so.
struct MemoryRestart {
    let violation: LimitViolation
    /// What it held at the last ticks.
    let samples: [MemoryHistory.Sample]
    let client: SupervisorClient
    let options: MemMonOptions
    let log: Log

    /// Restarts it.
    func run() -> Int32 {
        let name = violation.process.full
        log.say("Restarting \(name)")
        // What it wrote last is to be had only before a new one writes.
        let diagnostics = diagnostics()
        switch Restarter(client: client).restart(violation.process) {
        case .restarted, .alreadyStarted:
            if violation.uptime <= options.uptime { tellRestart(diagnostics) }
        case .stopFailed(let error):
            fail(
                "failed to stop process \(name), will try again",
                "Failed to stop process \(name) (RSS \(violation.size)), will try again: \(error)",
                diagnostics)
        case .startFailed(let error):
            fail(
                "failed to start process \(name), will try again",
                "Failed to start process \(name) after stopping it, will try again: \(error)",
                diagnostics)
        }
        return 0
    }

    /// Tells that it was restarted, at last.
    func tellLateRestart() {
        tellRestart(diagnostics())
    }

    private func tellRestart(_ diagnostics: Diagnostics) {
        let name = violation.process.full
        let message =
            "memmon.py restarted the process named \(name) at \(Timestamp.now.asctimeWithZone) "
            + "because it was consuming too much memory (\(violation.size) bytes RSS)"
        tell("process \(name) restarted", message, diagnostics)
    }

    private func fail(_ subject: String, _ message: String, _ diagnostics: Diagnostics) {
        log.say(message)
        tell(subject, message, diagnostics)
    }

    private func tell(_ subject: String, _ message: String, _ diagnostics: Diagnostics) {
        let time = Timestamp.now
        let process = violation.process
        let incident = Incident(
            .memory, at: time,
            to: process, pid: violation.pid,
            message: message, diagnostics: diagnostics)
        AlertRecord(
            Alert(
                subject: options.title(subject), body: incident.text, time: time,
                incidents: [incident])
        ).write()
    }

    private func diagnostics() -> Diagnostics {
        let context = ProcessContext(client: client, lineCount: options.logLines)
        var diagnostics = context.diagnostics()
        diagnostics.uptime = violation.uptime
        let chart = MemoryChart.text(samples, limit: violation.limit)
        diagnostics.sections = [chart, violation.holders].compactMap { $0 }.filter { !$0.isEmpty }
        if let log = context.log(of: violation.process) {
            diagnostics.logFile = log.path
            diagnostics.logTail = log.lines
        }
        return diagnostics
    }
}

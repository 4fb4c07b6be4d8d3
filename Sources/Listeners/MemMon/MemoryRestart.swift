// Restarts a process that holds too much memory, and says so. Runs in a worker.

internal import Alerting
internal import ListenerProtocol

/// Restarts a process that holds too much memory, and says so.
struct MemoryRestart {
    let victim: Victim
    /// What it held at the last ticks.
    let samples: [MemoryHistory.Sample]
    let client: SupervisorClient
    let options: MemMonOptions
    let log: Log

    /// Restarts it.
    func run() -> Int32 {
        let name = victim.process.full
        log.say("Restarting \(name)")
        // What it wrote last is to be had only before a new one writes.
        let explanation = explanation()
        switch Restarter(client: client).restart(victim.process) {
        case .restarted, .alreadyStarted:
            if victim.uptime <= options.uptime { tellRestart(explanation) }
        case .stopFailed(let error):
            fail(
                "failed to stop process \(name), will try again",
                "Failed to stop process \(name) (RSS \(victim.size)), will try again: \(error)",
                explanation)
        case .startFailed(let error):
            fail(
                "failed to start process \(name), will try again",
                "Failed to start process \(name) after stopping it, will try again: \(error)",
                explanation)
        }
        return 0
    }

    /// Tells that it was restarted, at last.
    func tellLateRestart() {
        tellRestart(explanation())
    }

    private func tellRestart(_ explanation: Explanation) {
        let name = victim.process.full
        let message =
            "memmon.py restarted the process named \(name) at \(Timestamp.now.asctimeWithZone) "
            + "because it was consuming too much memory (\(victim.size) bytes RSS)"
        tell("process \(name) restarted", message, explanation)
    }

    private func fail(_ subject: String, _ message: String, _ explanation: Explanation) {
        log.say(message)
        tell(subject, message, explanation)
    }

    private func tell(_ subject: String, _ message: String, _ explanation: Explanation) {
        let time = Timestamp.now
        let process = victim.process
        let incident = Incident(
            .memory, at: time,
            to: Incident.Process(group: process.group, name: process.name, pid: victim.pid),
            message: message, explanation: explanation)
        AlertRecord.write(
            Alert(
                subject: options.title(subject), body: incident.text, time: time,
                incidents: [incident]))
    }

    private func explanation() -> Explanation {
        let surroundings = Surroundings(client: client, lineCount: options.logLines)
        var explanation = surroundings.explanation()
        explanation.uptime = victim.uptime
        let chart = MemoryChart.text(samples, limit: victim.limit)
        explanation.sections = [chart, victim.holders].compactMap { $0 }.filter { !$0.isEmpty }
        if let log = surroundings.log(of: victim.process) {
            explanation.logFile = log.path
            explanation.logTail = log.lines
        }
        return explanation
    }
}

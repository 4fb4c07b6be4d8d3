// Restarts a process that holds too much memory, and says so. Runs in a worker.

internal import Alerting
internal import ListenerProtocol

/// Restarts a process that holds too much memory, and says so.
struct MemoryRestart {
    let victim: Victim
    let client: SupervisorClient
    let options: MemMonOptions
    let log: Log

    /// Restarts it.
    func run() -> Int32 {
        let name = victim.process.full
        log.say("Restarting \(name)")
        switch Restarter(client: client).restart(victim.process) {
        case .restarted:
            if victim.uptime <= options.uptime { tellRestart() }
        case .stopFailed(let error):
            fail(
                "failed to stop process \(name), will try again",
                "Failed to stop process \(name) (RSS \(victim.size)), will try again: \(error)")
        case .startFailed(let error):
            fail(
                "failed to start process \(name), will try again",
                "Failed to start process \(name) after stopping it, will try again: \(error)")
        }
        return 0
    }

    /// Tells that it was restarted, at last.
    func tellRestart() {
        let name = victim.process.full
        AlertRecord.write(
            subject: options.title("process \(name) restarted"),
            body: """
                memmon.py restarted the process named \(name) at \(Timestamp.now.asctimeWithZone) \
                because it was consuming too much memory (\(victim.size) bytes RSS)
                """)
    }

    private func fail(_ subject: String, _ body: String) {
        log.say(body)
        AlertRecord.write(subject: options.title(subject), body: body)
    }
}

// One check of a site. Runs in a worker.

internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// One check of a site: with `-E` only while one of the programs runs.
struct SiteProbe {
    let options: HTTPOkOptions
    let check: SiteCheck
    let client: SupervisorClient
    /// The listener itself, which does not count.
    let own: ProcessName?

    /// Checks, and writes what it finds out.
    func run() -> Int32 {
        if !options.isEager && !isAnySelectedRunning() { return 0 }
        let begin = Instant.now
        var status = 0
        let finding = check.run { status = $0 }
        let time = Instant.now - begin
        SiteSample(status: status, isWell: finding == .healthy, took: time).write()
        let name = check.url.redacted
        switch finding {
        case .healthy:
            CheckResult(check: name, verdict: .healthy, subject: "").write()
        case .badStatus(let text):
            CheckResult(check: name, verdict: .unhealthy(text), subject: "bad status returned")
                .write()
        case .badBody(let text):
            CheckResult(check: name, verdict: .unhealthy(text), subject: "bad body returned")
                .write()
        }
        return 0
    }

    private func isAnySelectedRunning() -> Bool {
        do throws(RPCError) {
            return try client.getAllProcessInfo().contains { info in
                options.selects(info.namespec) && info.namespec != own && info.state == .running
            }
        } catch {
            CheckFailure(
                check: "-E", text: "cannot look for running programs, not checking: \(error)"
            ).write()
            return false
        }
    }
}

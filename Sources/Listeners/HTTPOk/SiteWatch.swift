// One tick of httpok: look at the site, restart programs if it is not well. Runs in a worker.

internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC
internal import System
internal import Text

/// One tick of httpok: look at the site, and restart programs if it is not well.
///
/// Programs are restarted one after the other, so that those which serve the same site are never
/// all down at once.
struct SiteWatch {
    let options: HTTPOkOptions
    let check: SiteCheck
    let client: SupervisorClient
    /// The listener itself, which is never acted upon.
    let own: ProcessName?
    let log: Log

    /// The record by which a worker says that the site is well.
    struct HealthyRecord: WorkerRecord {
        static let recordName = "healthy"
        var fields: [String] { [] }

        init() {}

        init?(fields: [String]) {}
    }

    /// Does it all, from the look to the alert.
    func run() -> Int32 {
        if !options.isEager && !isAnySelectedRunning() { return 0 }
        switch look() {
        case .healthy: HealthyRecord().write()
        case .badStatus(let text): act("\(check.url.redacted): bad status returned", text)
        case .badBody(let text): act("\(check.url.redacted): bad body returned", text)
        }
        return 0
    }

    /// Looks at the site, and measures.
    private func look() -> SiteCheck.Finding {
        let begin = Instant.now
        var status = 0
        let finding = check.run { status = $0 }
        SiteSample(status: status, isWell: finding == .healthy, took: .now - begin).write()
        return finding
    }

    private func isAnySelectedRunning() -> Bool {
        do throws(RPCError) {
            return try client.getAllProcessInfo().contains { info in
                options.selects(info.namespec) && info.namespec != own && info.state == .running
            }
        } catch {
            log.note("cannot look for running programs, not checking: \(error)")
            return false
        }
    }

    // MARK: Acting

    private func act(_ subject: String, _ finding: String) {
        let context = ProcessContext(client: client, lineCount: options.logLines)
        var report = SiteReport(log: log, diagnostics: context.diagnostics())
        report.add(finding)
        do throws(RPCError) {
            restartSelected(among: try client.getAllProcessInfo(), &report)
        } catch {
            if case .fault(let fault) = error, fault.code == .shutdownState {
                // Sites go down with their programs.
                return log.note("not acting and not telling, supervisord is shutting down")
            }
            report.add("Exception retrieving process info \(error), not acting")
        }
        AlertRecord(report.alert(subject: options.title(subject))).write()
    }

    private func restartSelected(among infos: [ProcessInfo], _ report: inout SiteReport) {
        report.add(
            options.isAny
                ? "Restarting all running processes"
                : "Restarting selected processes \(options.programs.pythonList)")
        for info in infos where options.selects(info.namespec) {
            guard info.namespec != own else {
                if !options.isAny {
                    report.add("\(info.namespec) is this listener, NOT restarting")
                }
                continue
            }
            restart(info, &report)
        }
        let missing = options.programs.filter { program in
            !infos.contains { $0.namespec.isNamed(program) }
        }
        guard !missing.isEmpty else { return }
        report.add("Programs not restarted because they did not exist: \(missing.pythonList)")
    }

    private func restart(_ info: ProcessInfo, _ report: inout SiteReport) {
        let process = info.namespec
        guard info.state == .running else {
            return report.add("\(process) not in RUNNING state, NOT restarting")
        }
        // What it wrote last is to be had only before a new one writes.
        report.add(ProcessLog(of: info, lines: options.logLines, client: client))
        if let dump = options.coreDump {
            report.add("gcore output for \(process):\n\n \(dump.make(of: process, pid: info.pid))")
        }
        report.add("\(process) is in RUNNING state, restarting")
        let restarter = Restarter(client: client)
        switch restarter.restart(process) {
        case .restarted, .alreadyStarted:
            report.add("\(process) restarted")
        case .startFailed(let error):
            report.add("Failed to start process \(process): \(error)")
        case .stopFailed(let error):
            report.add("Failed to stop process \(process): \(error)")
            // Like the original: what has ended by itself meanwhile is to be started.
            if case .fault = error { startUnstopped(process, restarter, &report) }
        }
    }

    /// Starts a process that could not be stopped; if it runs, nothing was restarted.
    private func startUnstopped(
        _ process: ProcessName, _ restarter: Restarter, _ report: inout SiteReport
    ) {
        switch restarter.start(process) {
        case .restarted:
            report.add("\(process) restarted")
        case .alreadyStarted(let error), .startFailed(let error), .stopFailed(let error):
            report.add("Failed to start process \(process): \(error)")
        }
    }
}

extension [String] {
    /// The strings as Python writes a list of them, which is how the original logs them.
    fileprivate var pythonList: String {
        "[\(map(\.pythonLiteral).joined(separator: ", "))]"
    }
}

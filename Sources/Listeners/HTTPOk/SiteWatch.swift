// One tick of httpok: look at the site, and restart programs if it is not well. Runs in a worker.

internal import Alerting
internal import EventLoop
internal import ListenerProtocol

/// One tick of httpok: look at the site, and restart programs if it is not well.
///
/// Programs are restarted one after the other, so that those which serve the same site are never
/// all down at once.
struct SiteWatch {
    let options: HTTPOkOptions
    let check: SiteCheck
    let client: SupervisorClient
    /// The listener itself, which is never acted upon.
    let own: Namespec?
    let log: Log

    /// Does it all, from the look to the mail.
    func run() -> Int32 {
        if !options.isEager && !isAnySelectedRunning() { return 0 }
        switch check.run() {
        case .healthy: break
        case .badStatus(let text): act("\(check.url.redacted): bad status returned", text)
        case .badBody(let text): act("\(check.url.redacted): bad body returned", text)
        }
        return 0
    }

    private func isAnySelectedRunning() -> Bool {
        do throws(RPCError) {
            return try client.getAllProcessInfo().contains { info in
                options.selects(info.namespec) && info.namespec != own
                    && info.state == .running
            }
        } catch {
            log.note("cannot look for running programs, not checking: \(error)")
            return false
        }
    }

    // MARK: Acting

    private func act(_ subject: String, _ finding: String) {
        var lines = Lines(log: log)
        lines.add(finding)
        do throws(RPCError) {
            restartSelected(among: try client.getAllProcessInfo(), &lines)
        } catch {
            lines.add("Exception retrieving process info \(error), not acting")
        }
        AlertRecord.write(subject: options.title(subject), body: lines.text)
    }

    private func restartSelected(among infos: [ProcessInfo], _ lines: inout Lines) {
        lines.add(
            options.isAny
                ? "Restarting all running processes"
                : "Restarting selected processes \(options.programs.pythonList)")
        for info in infos where options.selects(info.namespec) {
            guard info.namespec != own else {
                if !options.isAny { lines.add("\(info.namespec) is this listener, NOT restarting") }
                continue
            }
            restart(info, &lines)
        }
        let missing = options.programs.filter { program in
            !infos.contains { $0.namespec.isNamed(program) }
        }
        guard !missing.isEmpty else { return }
        lines.add("Programs not restarted because they did not exist: \(missing.pythonList)")
    }

    private func restart(_ info: ProcessInfo, _ lines: inout Lines) {
        let process = info.namespec
        guard info.state == .running else {
            return lines.add("\(process) not in RUNNING state, NOT restarting")
        }
        if let dump = options.coreDump {
            lines.add("gcore output for \(process):\n\n \(dump.make(of: process, pid: info.pid))")
        }
        lines.add("\(process) is in RUNNING state, restarting")
        let restarter = Restarter(client: client)
        var result = restarter.restart(process)
        if case .stopFailed(let error) = result {
            lines.add("Failed to stop process \(process): \(error)")
            // Like the original: what has ended by itself meanwhile is to be started.
            guard case .fault = error else { return }
            result = restarter.start(process)
        }
        if case .startFailed(let error) = result {
            lines.add("Failed to start process \(process): \(error)")
        } else {
            lines.add("\(process) restarted")
        }
    }

    /// What is logged line by line and mailed as a whole.
    private struct Lines {
        let log: Log
        private(set) var text = ""

        init(log: Log) {
            self.log = log
        }

        mutating func add(_ line: String) {
            log.say(line)
            text += text.isEmpty ? line : "\n\(line)"
        }
    }
}

extension [String] {
    /// The strings as Python writes a list of them, which is how the original logs them.
    fileprivate var pythonList: String {
        "[\(map(\.pythonLiteral).joined(separator: ", "))]"
    }
}

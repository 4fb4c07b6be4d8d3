// Alerts about processes that are left alone.

internal import Alerting
internal import EventLoop
internal import Glibc
internal import ListenerProtocol
internal import System

extension RestartQueue {
    /// Alerts about a process that is not restarted for a reason that a person should know.
    ///
    /// - Parameters:
    ///   - process: The process.
    ///   - reason: The reason.
    ///   - isLogged: Whether the reason has just been logged.
    ///   - isStart: Whether it has failed by itself, and is not started.
    ///   - isReturn: Whether the alert was resolved meanwhile, and people need no reminder yet: only
    ///     channels that track resolution get it.
    ///   - report: Collects the evidence.
    func alert(
        _ process: ProcessName, _ reason: HoldReason, isLogged: Bool, isStart: Bool = false,
        isReturn: Bool = false, _ report: any RestartReport
    ) {
        guard !isReturn || runtime.alerts.activeAlerts != nil else { return }
        let subject: String
        let text: String
        let subjectProcess = reason.subject ?? process
        var kind = Incident.Kind.gaveUp
        var (predicate, cause): (String?, String?)
        let down = ledger.records[process]?.starting.state?.name ?? "down"
        var state = isStart ? "\(down), not started" : "running, not restarted"
        switch reason {
        case .budget(let limit, let end, let window):
            let back = window ?? end
            subject = "gave up on \(process)"
            let act = isStart ? "start" : "restart"
            let restarts = limit.count == 1 ? "1 \(act)" : "\(limit.count) \(act)s"
            let have = limit.count == 1 ? "has" : "have"
            // The time is in the state.
            let period = Diagnostics.duration(limit.period)
            let failure =
                policy.isDryRun
                ? "a dry run counts \(restarts) in \(period)"
                : "\(restarts) in \(period) \(have) not helped"
            text = "gave up on \(process): \(failure); next attempt \(back.clock)"
            cause = failure
            state += " before \(back.clock)"
            note(givenUp: process, state)
        case .canaryFailed(let canary, let others):
            subject = "\(reason)"
            text = subject
            cause = "\(others) \(others == 1 ? "other" : "others") left alone"
            (predicate, state) = words(ofFirst: canary)
        case _ where isStart:
            kind = .other
            subject = "\(process) is not started"
            text = "\(subject): \(reason)"
            (predicate, cause) = ("is \(down), not started", "\(reason)")
        default:
            let failures = failures(of: process)
            kind = self.kind
            subject = "\(process) is not restarted"
            text = "\(process) is not restarted: \(reason)"
            let fault = kind == .memory ? "exceeded its memory limit" : "failed its check"
            predicate = "\(fault), not restarted"
            cause = (failures.map(\.reason) + ["(\(reason))"]).joined(separator: " ")
        }
        let time = Timestamp.now
        if !isLogged || kind == .gaveUp && !isReturn { runtime.log.report(reason.level, text) }
        let isOther = subjectProcess != process
        let failed =
            isStart ? [] : isOther ? failures(ofFirst: subjectProcess) : failures(of: process)
        let message = ([text] + failed.map(\.text)).joined(separator: "\n\n")
        var incident = Incident(
            kind, at: time, to: subjectProcess, message: message, diagnostics: Diagnostics())
        incident.diagnostics?.state = state
        (incident.predicate, incident.reason) = (predicate, cause)
        // The evidence is that of the process which waits.
        guard !isOther else {
            return send(incident, title(subject), isReturn: isReturn)
        }
        post(incident, title(subject), isReturn: isReturn, report)
    }

    /// What became of the process that was restarted first, as predicate and state.
    private func words(ofFirst process: ProcessName) -> (predicate: String, state: String) {
        if isStartPending(process) {
            return ("is down after its restart", "down: start failed, retrying")
        }
        if ledger.records[process]?.activity == .acting {
            return ("still fails after its restart", "being restarted again")
        }
        switch ledger.canaries[process.group]?.state {
        case .running?, nil:
            return ("still fails after its restart", "running, and fails its checks")
        case .some(let state): return ("is \(state.name) after its restart", state.name)
        }
    }

    private func send(_ incident: Incident, _ subject: String, isReturn: Bool) {
        let alert = Self.alert(incident, subject)
        if isReturn { return runtime.alerts.postToStatefulChannels(alert) }
        guard incident.kind == .gaveUp else {
            runtime.alerts.post(alert)
            return
        }
        // What was counted comes first: its restarts would otherwise be the last word.
        runtime.alerts.flood.reportNow([AlertTopic(incident)]) { [unowned self] in
            runtime.alerts.post(alert)
        }
    }

    private static func alert(_ incident: Incident, _ subject: String) -> Alert {
        Alert(
            subject: subject, body: incident.text, time: incident.time, incidents: [incident])
    }

    /// Reports a process that `--action stop` has stopped, once it is STOPPED, if the earlier run that
    /// requested the stop has ended before.
    func reportOwedStop(of process: ProcessName, _ state: ProcessState) {
        guard takeOwedStop(of: process, state) else { return }
        let text = "\(process) stopped"
        runtime.log.report(.info, text)
        var incident = Incident(
            .other, at: .now, to: process, message: text,
            diagnostics: Diagnostics(host: HostName.current))
        incident.predicate = "stopped"
        incident.diagnostics?.state = RestartOutcome.stopped.state(after: runtime.log.tool)
        runtime.alerts.post(Self.alert(incident, title(text)))
    }

    /// How long an alert waits for its evidence.
    private static let evidenceTimeout = Duration.seconds(30)

    /// Sends an alert with the evidence that an alert about a restart would have.
    private func post(
        _ incident: Incident, _ subject: String, isReturn: Bool, _ report: any RestartReport
    ) {
        runtime.workers.run(deadline: Self.evidenceTimeout, mayBeLate: true) {
            DiagnosticsRecord(report.evidence()).write()
            return EX_OK
        } completion: { [unowned self] records in
            var complete = incident
            complete.diagnostics =
                records.first(DiagnosticsRecord.self)?.diagnostics ?? Diagnostics()
            complete.diagnostics?.state = incident.diagnostics?.state
            send(complete, subject, isReturn: isReturn)
            endIfOver(complete)
        }
    }

    /// Resolves an alert whose reason has ended while its evidence was collected.
    private func endIfOver(_ incident: Incident) {
        guard incident.kind == .gaveUp, let process = incident.process,
            !ledger.givenUp.contains(process)
        else { return }
        runtime.alerts.activeAlerts?.resolve(.gaveUp) { $0 == process ? .restartable : nil }
    }
}

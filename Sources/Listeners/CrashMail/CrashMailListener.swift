internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// Reports each crash, that is, each unexpected exit; with `--fatal` also failed starts, and with
/// `--recovered` recoveries.
final class CrashMailListener: Listener {
    private let options: CrashMailOptions
    private let isMailing: Bool
    private unowned let runtime: Runtime
    private let reporter: IncidentReporter
    private let alerts: CrashAlerts
    private let missedEventScan: MissedEventScan
    private let recovery: RecoveryMonitor?

    /// Creates the listener.
    ///
    /// - Parameters:
    ///   - options: The command line.
    ///   - settings: The settings that all tools share.
    ///   - client: The connection to supervisord, if there is one.
    ///   - runtime: The runtime, which outlives the listener.
    init(
        _ options: CrashMailOptions, _ settings: Settings, _ client: SupervisorClient?,
        _ runtime: Runtime
    ) {
        self.options = options
        self.runtime = runtime
        isMailing = !settings.channels.isEmpty
        reporter = IncidentReporter(runtime, client: client, lineCount: options.logLines)
        alerts = CrashAlerts(
            runtime, reporter, options, collects: settings.flood.rate != nil)
        missedEventScan = MissedEventScan(
            client: client, own: settings.environment.own, kinds: [.exited, .fatal])
        recovery = options.reportsRecovery ? RecoveryMonitor(runtime) : nil
        runtime.alerts.title = options.title
        runtime.alerts.complete = reporter.complete
        runtime.alerts.completeRestored = { [unowned self] ticket, alert in
            alert.incidents.forEach(missedEventScan.note(reported:))
            alerts.restore(ticket, alert)
        }
        missedEventScan.begin(runtime) { [unowned self] finding in report(finding) }
        guard !options.isAny else { return }
        // superlance ignores -p, so users may rely on mail for all programs.
        runtime.log.report(
            .info,
            "reporting only crashes of \(options.watched) (-p)")
    }

    func restore(_ incident: StoredIncident) {
        // Earlier versions stored what a cooldown counts in this form.
        runtime.alerts.flood.restore(RepeatedIncident(incident.incident), nil)
        incident.forget()
    }

    func handle(_ content: EventContent, of name: EventName) {
        reporter.note(content, of: name)
        switch content {
        case .processState(let change):
            recovery?.note(change, name)
            missedEventScan.note(change, name)
            if name == .processStateExited, change.isExpected == false { reportCrash(change) }
            if name == .processStateFatal, options.reportsFatal { reportFatal(change) }
        default:
            return
        }
    }

    func finish(completion: @escaping () -> Void) {
        alerts.finish(completion)
    }

    // MARK: Reporting

    private func reportCrash(_ change: ProcessStateChange) {
        let process = change.process
        guard options.selects(process) else { return }
        let message = CrashMailMessages.crash(change)
        guard !reporter.suppresses(message, .exited) else { return }
        guard isMailing else {
            return runtime.log.write(
                .warning, "unexpected exit, not mailing without -m: \(message)")
        }
        let incident = reporter.incident(change, .exited, message: message, at: .now)
        guard runtime.alerts.accepts(incident) else { return }
        let pid = change.pid.map(String.init) ?? "unknown"
        runtime.log.report(.warning, "\(process) (pid \(pid)) exited unexpectedly")
        // superlance's own line, which does not name the process.
        runtime.log.write(.info, "unexpected exit, mailing")
        alerts.report(incident)
    }

    private func reportFatal(_ change: ProcessStateChange) {
        let process = change.process
        guard options.selects(process) else { return }
        let series = FatalSeries(of: process, in: runtime.alerts.threads)
        let message = [CrashMailMessages.failedStart(change), series?.remark()]
            .compactMap { $0 }.joined(separator: " ")
        guard !reporter.suppresses(message, .fatal) else { return }
        guard isMailing else {
            return runtime.log.write(.warning, "failed start, not mailing without -m: \(message)")
        }
        let incident = reporter.incident(change, .fatal, message: message, at: .now)
        guard runtime.alerts.accepts(incident) else { return }
        runtime.log.report(.warning, "\(process) failed to start too many times")
        alerts.report(incident, following: series?.start)
    }

    /// Reports an incident that occurred while no listener was running.
    private func report(_ finding: MissedEventScan.Finding) {
        guard isMailing, options.selects(finding.process) else { return }
        let message = CrashMailMessages.missed(finding)
        runtime.log.write(.warning, message)
        let incident = finding.incident(message)
        guard runtime.alerts.accepts(incident) else { return }
        alerts.report(incident, isOld: true)
    }
}

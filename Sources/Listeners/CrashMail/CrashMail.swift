// crashmail: mails each crash.

internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// Mails each crash: each exit that was not expected.
final class CrashMailListener: Listener {
    private let options: CrashMailOptions
    private let client: SupervisorClient?
    private let own: ProcessName?
    private let isMailing: Bool
    private var witness: IncidentReporter?
    private var recovery: RecoveryMonitor?
    private var missedEventScan: MissedEventScan?
    private var cooldown: Cooldown?

    init(_ settings: Settings) throws(UsageError) {
        options = try CrashMailOptions(settings)
        client = try settings.optionalClient()
        own = settings.host.own
        isMailing = !settings.channels.isEmpty
    }

    func begin(_ runtime: Runtime) {
        witness = IncidentReporter(runtime, client: client, lineCount: options.logLines)
        if options.tellsRecovery { recovery = RecoveryMonitor(runtime, title: options.title) }
        cooldown = Cooldown(options.cooldown, runtime.loop, runtime.spool) {
            [unowned self] incidents in
            tell(again: incidents, runtime)
        }
        missedEventScan = MissedEventScan(client: client, own: own, kinds: [.exited, .fatal])
        missedEventScan?.begin(runtime) { [unowned self] finding in tell(finding, runtime) }
        guard !options.isAny else { return }
        // The original never looked at -p, so that people may count on mail for everything.
        runtime.log.note(
            "telling only crashes of \(options.programs.joined(separator: ", ")), as -p says")
    }

    func restore(_ incident: KeptIncident) {
        cooldown?.restore(incident)
    }

    func handle(_ content: EventContent, of name: EventName, by runtime: Runtime) {
        switch content {
        case .processState(let change):
            recovery?.note(change, name)
            missedEventScan?.note(change, name)
            guard name == .processStateExited, change.isExpected == false else { return }
            tellCrash(change, runtime)
        case .supervisorStopping:
            witness?.isShuttingDown = true
        default:
            return
        }
    }

    func finish(_ runtime: Runtime, completion: @escaping () -> Void) {
        witness?.finish { [unowned self] in
            cooldown?.finish()
            completion()
        }
    }

    // MARK: Telling

    private func tellCrash(_ change: ProcessStateChange, _ runtime: Runtime) {
        let process = change.process
        guard let witness, options.selects(process) else { return }
        let pid = change.pid.map(String.init) ?? "unknown"
        let message =
            "Process \(process.name) in group \(process.group) exited unexpectedly "
            + "(pid \(pid)) from state \(change.fromState)"
        guard !witness.isShuttingDown else {
            return runtime.log.note("not telling, supervisord is shutting down: \(message)")
        }
        guard isMailing else {
            return runtime.log.say("unexpected exit, not mailing without -m: \(message)")
        }
        let time = Timestamp.now
        let incident = witness.incident(change, .exited, message: message, at: time)
        if cooldown?.counts(incident) == true {
            return runtime.log.say("unexpected exit, counting until the cooldown is over")
        }
        runtime.log.say("unexpected exit, mailing")
        tell(incident, subject: "\(process.name) crashed at \(time.asctime)", runtime)
    }

    /// Tells what happened while no listener was there.
    private func tell(_ finding: MissedEventScan.Finding, _ runtime: Runtime) {
        let process = finding.process
        guard isMailing, options.selects(process) else { return }
        let isFatal = finding.kind == .fatal
        let message =
            "Process \(process.name) in group \(process.group) "
            + (isFatal ? "failed to start too many times" : "exited unexpectedly")
            + " while this listener was not there"
        runtime.log.say(message)
        let incident = Incident(
            finding.kind, at: finding.time,
            to: Incident.Process(group: process.group, name: process.name), message: message,
            diagnostics: Diagnostics(host: HostName.current))
        let what = isFatal ? "failed to start" : "crashed"
        tell(
            incident, subject: "\(process.name) \(what) at \(finding.time.asctime)", isOld: true,
            runtime)
    }

    /// Tells what was counted while a cooldown lasted.
    private func tell(again incidents: [Incident], _ runtime: Runtime) {
        guard let first = incidents.first, let last = incidents.last, let process = last.process
        else { return }
        let times = incidents.count == 1 ? "once more" : "\(incidents.count) more times"
        let shown = incidents.suffix(BatchText.explained)
        let left = incidents.count - shown.count
        let lines =
            (left > 0 ? ["\(left) earlier ones are left out"] : [])
            + shown.map {
                "\($0.time.asctime) (pid \($0.process?.pid.map(String.init) ?? "unknown"))"
            }
        let message =
            "Process \(process.name) in group \(process.group) exited unexpectedly \(times):\n"
            + lines.joined(separator: "\n")
        runtime.log.say("the cooldown of \(process.name) is over, mailing")
        let incident = Incident(
            .exited, at: last.time, to: process, message: message, diagnostics: last.diagnostics)
        tell(
            incident, subject: "\(process.name) crashed \(times) since \(first.time.asctime)",
            isOld: true, runtime)
    }

    /// Tells an incident, once it is explained.
    private func tell(
        _ incident: Incident, subject: String, isOld: Bool = false, _ runtime: Runtime
    ) {
        let alert = Alert(
            subject: options.title(subject), body: incident.text, time: incident.time,
            incidents: [incident])
        let ticket = runtime.hold(alert)
        recovery?.told(incident, by: alert)
        witness?.explain(incident, isOld: isOld) { explained in
            guard let explained else { return runtime.outbox.discard(ticket) }
            runtime.release(ticket, alert.with(explained.text, of: [explained]))
        }
    }
}

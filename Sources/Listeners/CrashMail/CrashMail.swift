// crashmail: mails each crash.

internal import Alerting
internal import EventLoop
internal import ListenerProtocol

/// Mails each crash: each exit that was not expected.
final class CrashMailListener: Listener {
    private let options: CrashMailOptions
    private let client: SupervisorClient?
    private let own: Namespec?
    private let isMailing: Bool
    private var witness: Witness?
    private var recovery: RecoveryWatch?
    private var firstLook: FirstLook?
    private var cooldown: Cooldown?

    init(_ settings: Settings) throws(UsageError) {
        options = try CrashMailOptions(settings)
        client = try settings.optionalClient()
        own = settings.host.own
        isMailing = !settings.channels.isEmpty
    }

    func begin(_ resident: Resident) {
        witness = Witness(resident, client: client, lineCount: options.logLines)
        if options.tellsRecovery { recovery = RecoveryWatch(resident, title: options.title) }
        cooldown = Cooldown(options.cooldown, resident.loop, resident.spool) {
            [unowned self] incidents in
            tell(again: incidents, resident)
        }
        firstLook = FirstLook(client: client, own: own, kinds: [.exited, .fatal])
        firstLook?.begin(resident) { [unowned self] finding in tell(finding, resident) }
        guard !options.isAny else { return }
        // The original never looked at -p, so that people may count on mail for everything.
        resident.log.note(
            "telling only crashes of \(options.programs.joined(separator: ", ")), as -p says")
    }

    func restore(_ incident: KeptIncident) {
        cooldown?.restore(incident)
    }

    func handle(_ content: EventContent, of name: EventName, by resident: Resident) {
        switch content {
        case .processState(let change):
            recovery?.note(change, name)
            firstLook?.note(change, name)
            guard name == .processStateExited, change.isExpected == false else { return }
            tellCrash(change, resident)
        case .supervisorStopping:
            witness?.isShuttingDown = true
        default:
            return
        }
    }

    func finish(_ resident: Resident, completion: @escaping () -> Void) {
        witness?.finish { [unowned self] in
            cooldown?.finish()
            completion()
        }
    }

    // MARK: Telling

    private func tellCrash(_ change: ProcessStateChange, _ resident: Resident) {
        let process = change.process
        guard let witness, options.selects(process) else { return }
        let pid = change.pid.map(String.init) ?? "unknown"
        let message =
            "Process \(process.name) in group \(process.group) exited unexpectedly "
            + "(pid \(pid)) from state \(change.fromState)"
        guard !witness.isShuttingDown else {
            return resident.log.note("not telling, supervisord is shutting down: \(message)")
        }
        guard isMailing else {
            return resident.log.say("unexpected exit, not mailing without -m: \(message)")
        }
        let time = Timestamp.now
        let incident = witness.incident(change, .exited, message: message, at: time)
        if cooldown?.counts(incident) == true {
            return resident.log.say("unexpected exit, counting until the cooldown is over")
        }
        resident.log.say("unexpected exit, mailing")
        tell(incident, subject: "\(process.name) crashed at \(time.asctime)", resident)
    }

    /// Tells what happened while no listener was there.
    private func tell(_ finding: FirstLook.Finding, _ resident: Resident) {
        let process = finding.process
        guard isMailing, options.selects(process) else { return }
        let isFatal = finding.kind == .fatal
        let message =
            "Process \(process.name) in group \(process.group) "
            + (isFatal ? "failed to start too many times" : "exited unexpectedly")
            + " while this listener was not there"
        resident.log.say(message)
        let incident = Incident(
            finding.kind, at: finding.time,
            to: Incident.Process(group: process.group, name: process.name), message: message,
            explanation: Explanation(host: HostName.current))
        let what = isFatal ? "failed to start" : "crashed"
        tell(
            incident, subject: "\(process.name) \(what) at \(finding.time.asctime)", isOld: true,
            resident)
    }

    /// Tells what was counted while a cooldown lasted.
    private func tell(again incidents: [Incident], _ resident: Resident) {
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
        resident.log.say("the cooldown of \(process.name) is over, mailing")
        let incident = Incident(
            .exited, at: last.time, to: process, message: message, explanation: last.explanation)
        tell(
            incident, subject: "\(process.name) crashed \(times) since \(first.time.asctime)",
            isOld: true, resident)
    }

    /// Tells an incident, once it is explained.
    private func tell(
        _ incident: Incident, subject: String, isOld: Bool = false, _ resident: Resident
    ) {
        let alert = Alert(
            subject: options.title(subject), body: incident.text, time: incident.time,
            incidents: [incident])
        let ticket = resident.hold(alert)
        recovery?.told(incident, by: alert)
        witness?.explain(incident, isOld: isOld) { explained in
            guard let explained else { return resident.outbox.discard(ticket) }
            resident.release(ticket, alert.saying(explained.text, of: [explained]))
        }
    }
}

internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import System

/// Reports the recovery of processes that have been RUNNING for a minute after an alert.
///
/// It depends on RUNNING events. If a process dies twice without one in between, the listener is
/// not subscribed to them.
final class RecoveryMonitor {
    private struct TrackedProcess {
        /// The first alert since the process was last healthy.
        var firstAlert: Alert.Identity?
        /// The incident of that alert.
        var firstIncident: Incident?
        var runningSince: Instant?
        var timer: PollLoop.Timer?
        var hasBeenSeenUp = true
    }

    private let loop: PollLoop
    private let log: Log
    private let stabilityPeriod: Duration
    private let title: (String) -> String
    private let post: (Alert) -> Void
    private var tracked: [ProcessName: TrackedProcess] = [:]
    private var hasComplained = false

    /// Creates a monitor.
    ///
    /// - Parameters:
    ///   - loop: The event loop.
    ///   - log: The log.
    ///   - stabilityPeriod: How long a process must be RUNNING.
    ///   - title: Adds the listener's prefix to a subject.
    ///   - post: Sends the alerts.
    init(
        _ loop: PollLoop, _ log: Log, stabilityPeriod: Duration = .seconds(60),
        title: @escaping (String) -> String, post: @escaping (Alert) -> Void
    ) {
        self.loop = loop
        self.log = log
        self.stabilityPeriod = stabilityPeriod
        self.title = title
        self.post = post
    }

    /// Creates a monitor for a runtime, which must outlive it.
    convenience init(_ runtime: Runtime, title: @escaping (String) -> String) {
        self.init(runtime.loop, runtime.log, title: title) { [unowned runtime] in
            runtime.alerts.post($0)
        }
    }

    /// Records a change of state of any process.
    func note(_ change: ProcessStateChange, _ name: EventName) {
        let process = change.process
        if name == .processStateRunning {
            tracked[process]?.hasBeenSeenUp = true
            tracked[process]?.runningSince = .now
            schedule(process)
            return
        }
        if let timer = tracked[process]?.timer { loop.cancel(timer) }
        tracked[process]?.timer = nil
        tracked[process]?.runningSince = nil
        guard name == .processStateExited || name == .processStateFatal else { return }
        let wasRunning = change.fromState == "RUNNING"
        if wasRunning, tracked[process]?.hasBeenSeenUp == false { complain() }
        tracked[process, default: TrackedProcess()].hasBeenSeenUp = false
    }

    /// Records that an incident was reported.
    func told(_ incident: Incident, by alert: Alert) {
        guard let process = incident.process else { return }
        if tracked[process, default: TrackedProcess()].firstAlert == nil {
            tracked[process]?.firstAlert = alert.identity
            tracked[process]?.firstIncident = incident
        }
        schedule(process)
    }

    private func complain() {
        guard !hasComplained else { return }
        hasComplained = true
        log.report(
            "--recovered requires events of started processes: "
                + "add PROCESS_STATE_RUNNING to events= of this listener's section")
    }

    private func schedule(_ process: ProcessName) {
        guard let candidate = tracked[process], candidate.firstAlert != nil, candidate.timer == nil,
            let since = candidate.runningSince
        else { return }
        let rest = max(.zero, since + stabilityPeriod - .now)
        tracked[process]?.timer = loop.after(rest) { [weak self] in self?.tell(process) }
    }

    private func tell(_ process: ProcessName) {
        guard let recovered = tracked.removeValue(forKey: process) else { return }
        let time = Timestamp.now
        let message = "Process \(process) has been RUNNING for a minute"
        var incident = Incident(
            .recovered, at: time,
            to: process, message: message)
        incident.recovery = recovered.firstIncident.map {
            Incident.Recovery(of: $0.kind, since: $0.time, isForPeople: true)
        }
        log.write(message)
        post(
            Alert(
                subject: title("\(process) recovered at \(time.asctime)"), body: message,
                time: time, incidents: [incident], predecessor: recovered.firstAlert))
    }
}

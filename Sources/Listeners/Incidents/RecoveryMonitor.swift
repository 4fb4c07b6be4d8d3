internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import System

/// Reports the recovery of processes that have been RUNNING for a minute after an alert.
///
/// Processes that recover together are one alert in the thread of the mail that named them all.
///
/// It depends on RUNNING events. If a process dies twice without one in between, the listener is
/// not subscribed to them.
final class RecoveryMonitor {
    private struct TrackedProcess {
        var runningSince: Instant?
        /// The same time on the wall clock.
        var runningAt = Timestamp.now
        var timer: PollLoop.Timer?
        var hasBeenSeenUp = true
        var downtime = Downtime()
    }

    /// How long a process was down altogether, between its crashes and restarts.
    private struct Downtime {
        /// When it crashed first.
        private(set) var begin: Timestamp?
        private var latestBegin: Timestamp?
        private var total = Duration.zero

        mutating func start(at time: Timestamp) {
            begin = begin ?? time
            latestBegin = latestBegin ?? time
        }

        mutating func stop(at time: Timestamp) {
            total += latestBegin.map { max(.zero, time.since($0)) } ?? .zero
            latestBegin = nil
        }

        /// The sum in seconds; nil if it does not begin with a thread.
        func seconds(of thread: AlertThread) -> Int? {
            guard let begin, abs(begin.seconds - thread.first.start.seconds) <= 2 else {
                return nil
            }
            return Int(total.components.seconds)
        }
    }

    private let loop: PollLoop
    private let log: Log
    private let threads: AlertThreads
    private let stabilityPeriod: Duration
    private let gathering: Duration
    private let settle: ([AlertTopic], _ completion: @escaping () -> Void) -> Void
    private let post: (Alert) -> Void
    private var tracked: [ProcessName: TrackedProcess] = [:]
    private var hasComplained = false
    /// The processes whose recovery is to be reported.
    private var due: [ProcessName: TrackedProcess] = [:]
    private var dueTimer: PollLoop.Timer?

    /// Creates a monitor.
    ///
    /// - Parameters:
    ///   - loop: The event loop.
    ///   - log: The log.
    ///   - threads: The alerts that wait for a recovery.
    ///   - stabilityPeriod: How long a process must be RUNNING.
    ///   - gathering: How long a recovery waits for others.
    ///   - settle: Reports what is still counted about processes.
    ///   - post: Sends the alerts.
    init(
        _ loop: PollLoop, _ log: Log, threads: AlertThreads,
        stabilityPeriod: Duration = .seconds(60), gathering: Duration = .seconds(2),
        settle: @escaping ([AlertTopic], @escaping () -> Void) -> Void = { $1() },
        post: @escaping (Alert) -> Void
    ) {
        self.loop = loop
        self.log = log
        self.threads = threads
        self.stabilityPeriod = stabilityPeriod
        self.gathering = gathering
        self.settle = settle
        self.post = post
        threads.awaitsRecovery = true
        threads.onAlert = { [weak self] topic in
            if case .process(let process) = topic { self?.schedule(process) }
        }
    }

    /// Creates a monitor for a runtime, which must outlive it.
    convenience init(_ runtime: Runtime) {
        self.init(
            runtime.loop, runtime.log, threads: runtime.alerts.threads,
            settle: { [unowned runtime] in runtime.alerts.flood.reportNow($0, completion: $1) },
            post: { [unowned runtime] in runtime.alerts.post($0) })
        runtime.alerts.onRunning = { [weak self] process, start in
            self?.seeRunning(process, since: start)
        }
    }

    /// Records a change of state of any process.
    func note(_ change: ProcessStateChange, _ name: EventName) {
        let process = change.process
        if name == .processStateRunning {
            tracked[process, default: TrackedProcess()].hasBeenSeenUp = true
            tracked[process]?.downtime.stop(at: .now)
            seeRunning(process, since: .now)
            return
        }
        due[process] = nil
        if let timer = tracked[process]?.timer { loop.cancel(timer) }
        tracked[process]?.timer = nil
        tracked[process]?.runningSince = nil
        guard name == .processStateExited || name == .processStateFatal else { return }
        let wasRunning = change.fromState == .running
        if wasRunning, tracked[process]?.hasBeenSeenUp == false { reportMissingEvents() }
        tracked[process, default: TrackedProcess()].hasBeenSeenUp = false
        if change.isExpected != true { tracked[process]?.downtime.start(at: .now) }
    }

    /// Records that a process is RUNNING.
    ///
    /// - Parameters:
    ///   - process: The process.
    ///   - start: Since when.
    func seeRunning(_ process: ProcessName, since start: Timestamp) {
        guard tracked[process]?.runningSince == nil else { return }
        tracked[process, default: TrackedProcess()].runningSince = .now
        tracked[process]?.runningAt = start
        schedule(process)
    }

    private func reportMissingEvents() {
        guard !hasComplained else { return }
        hasComplained = true
        log.report(
            .warning,
            "--recovered requires events of started processes: "
                + "add PROCESS_STATE_RUNNING to events= of this listener's section")
    }

    private func schedule(_ process: ProcessName) {
        guard threads.thread(of: .process(process)) != nil, let candidate = tracked[process],
            candidate.timer == nil, let since = candidate.runningSince
        else { return }
        let rest = max(.zero, since + stabilityPeriod - .now)
        tracked[process]?.timer = loop.after(rest) { [weak self] in self?.report(process) }
    }

    private func report(_ process: ProcessName) {
        guard let recovered = tracked.removeValue(forKey: process) else { return }
        due[process] = recovered
        guard dueTimer == nil else { return }
        dueTimer = loop.after(gathering) { [weak self] in self?.settleDue() }
    }

    /// Reports what is still counted about the processes, then their recoveries.
    private func settleDue() {
        dueTimer = nil
        let ended = due.sorted { "\($0.key)" < "\($1.key)" }
        due = [:]
        settle(ended.map { .process($0.key) }) { [weak self] in
            self?.postRecoveries(ended.map { ($0.key, $0.value) })
        }
    }

    private func postRecoveries(_ ended: [(process: ProcessName, tracked: TrackedProcess)]) {
        var threads: [(start: ThreadStart, recoveries: [RecoveryReport.Part])] = []
        for (process, tracked) in ended {
            // It has died again while the summary was made.
            if let now = self.tracked[process], now.runningSince == nil { continue }
            guard let thread = self.threads.end(.process(process)) else { continue }
            let message = "Process \(process) has been RUNNING for a minute"
            log.write(.info, message)
            let report = RecoveryReport(
                thread: thread, end: tracked.runningAt,
                total: tracked.downtime.seconds(of: thread), countsCrashes: true)
            if let index = threads.firstIndex(where: { $0.start == thread.start }) {
                threads[index].recoveries.append((report, message))
            } else {
                threads.append((thread.start, [(report, message)]))
            }
        }
        for (_, recoveries) in threads {
            guard let first = recoveries.first else { continue }
            post(RecoveryReport.alert(first, Array(recoveries.dropFirst())))
        }
    }
}

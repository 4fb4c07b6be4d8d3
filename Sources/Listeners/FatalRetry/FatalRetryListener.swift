internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// Restarts FATAL programs, with increasing pauses.
final class FatalRetryListener: Listener {
    private let options: FatalRetryOptions
    private unowned let runtime: Runtime
    private let client: SupervisorClient
    private let own: ProcessName?
    private let isAlerting: Bool
    private let silenceFile: String?
    private let reporter: IncidentReporter
    private var schedule: RetrySchedule
    private var timer: PollLoop.Timer?
    private var generator = SystemRandomNumberGenerator()
    private var seen: Set<ProcessName> = []
    private var silenced: Set<ProcessName> = []
    /// The attempts whose start is not logged yet, by process.
    private var begun: [ProcessName: Int] = [:]
    private var isStopping = false
    private var firstEvent: Instant?

    /// How long after the first event those that supervisord buffered may still arrive.
    private static let bufferPeriod = Duration.seconds(1)

    /// How long to wait while the listener is STARTING itself.
    private static let startInterval = Duration.seconds(1)

    /// How long a silenced program waits until it is checked again.
    private static let silenceInterval = Duration.seconds(30)

    /// Creates the listener.
    ///
    /// - Parameters:
    ///   - options: The command line.
    ///   - settings: The settings that all tools share.
    ///   - client: The connection to supervisord.
    ///   - runtime: The runtime, which outlives the listener.
    init(
        _ options: FatalRetryOptions, _ settings: Settings, _ client: SupervisorClient,
        _ runtime: Runtime
    ) {
        self.options = options
        self.runtime = runtime
        self.client = client
        own = settings.environment.own
        isAlerting = !settings.channels.isEmpty
        silenceFile = settings.silenceFile
        schedule = RetrySchedule(pause: options.pause)
        reporter = IncidentReporter(
            runtime, client: client, lineCount: isAlerting ? options.logLines : nil)
        runtime.alerts.complete = { [unowned self] repeated, completion in
            reporter.complete(repeated) { [unowned self] in completion($0.map(withPlan)) }
        }
        runtime.alerts.completeRestored = { [unowned self] ticket, alert in
            reporter.restore(ticket, alert) { [unowned self] incident in
                incident = withPlan(RepeatedIncident(incident)).latest
            }
        }
        lookForFatal()
    }

    /// Searches for programs that were FATAL before the first event.
    private func lookForFatal() {
        let (client, own) = (client, own)
        runtime.workers.run(deadline: .seconds(10), mayBeLate: true) {
            let infos = (try? client.getAllProcessInfo()) ?? []
            // With numprocs=, only the first listener of the section searches.
            let isFirst = own.map { own in
                ListenerAbsence(of: own, among: infos, startedAt: 0) != nil
            }
            guard isFirst ?? true else { return 0 }
            for info in infos where info.state == .fatal {
                FoundProcess(process: info.processName, state: .fatal).write()
            }
            return 0
        } completion: { [unowned self] records in
            for found in records.all(FoundProcess.self) where !seen.contains(found.process) {
                note(found.process, .processStateFatal, from: .backoff)
            }
        }
    }

    // MARK: Events

    func handle(_ content: EventContent, of name: EventName) {
        firstEvent = firstEvent ?? .now
        reporter.note(content, of: name)
        switch content {
        case .processState(let change):
            seen.insert(change.process)
            note(change.process, name, from: change.fromState)
        case .supervisorStopping:
            isStopping = true
        default:
            return
        }
    }

    private func note(_ process: ProcessName, _ name: EventName, from fromState: ProcessState?) {
        guard process != own, options.selects(process), !isStopping else { return }
        let consequence = schedule.note(
            process, name, from: fromState, isBuffered: bufferRest > .zero, at: .now,
            chance: chance())
        switch consequence {
        case .none:
            return
        case .retry(let attempt, let pause):
            report(process, attempt, pause)
        case .takenOver:
            runtime.alerts.threads.end(.process(process))
            runtime.log.report(
                .info,
                "\(process) was stopped or started by someone else; no longer retrying")
        }
        plan()
    }

    private func chance() -> Double { Double.random(in: 0...1, using: &generator) }

    private func report(_ process: ProcessName, _ attempt: Int, _ pause: Duration) {
        logStart(of: process)
        let seconds = pause.components.seconds
        let again = attempt == 1 ? "FATAL" : "FATAL again after attempt \(attempt - 1)"
        let message = "Process \(process.name) in group \(process.group) is \(again)"
        runtime.log.report(.warning, "\(message); starting it in \(seconds) s")
        guard isAlerting else { return }
        alert(process, again, message, pause: Int(seconds), isFirst: attempt == 1)
    }

    private func alert(
        _ process: ProcessName, _ again: String, _ message: String, pause: Int, isFirst: Bool
    ) {
        let threads = runtime.alerts.threads
        if isFirst { threads.end(.process(process)) }
        let start = threads.thread(of: .process(process))?.start
        let time = Timestamp.now
        var incident = Incident(
            .fatal, at: time, to: process, message: message,
            diagnostics: Diagnostics(host: HostName.current), header: runtime.alerts.header)
        incident.predicate = "is \(again)"
        guard runtime.alerts.accepts(incident) else { return }
        let state = Self.state(before: pause)
        incident.diagnostics?.state = state
        let alert = Alert(
            subject: start?.reply ?? "\(process.name) is \(again)", body: incident.text, time: time,
            incidents: [incident], predecessor: start?.identity)
        // The cause is known at once, and the next attempt may come soon.
        reporter.sendExplained(alert, about: incident) { $0.diagnostics?.state = state }
    }

    /// Adds to counted incidents when this listener starts the program again, if it is still FATAL.
    private func withPlan(_ repeated: RepeatedIncident) -> RepeatedIncident {
        var repeated = repeated
        let state = repeated.latest.diagnostics?.state
        guard state.map({ Aftermath.isFatal($0) }) ?? true, let process = repeated.latest.process,
            let pause = schedule.pause(before: process, at: .now)
        else { return repeated }
        repeated.latest.diagnostics?.state = Self.state(before: Int(pause.components.seconds))
        return repeated
    }

    /// That a program is FATAL, and when it is started again.
    private static func state(before pause: Int) -> String {
        guard pause > 0 else { return "FATAL, starting it now" }
        return "FATAL, starting it in \(Diagnostics.duration(pause))"
    }

    func finish(completion: @escaping () -> Void) {
        reporter.finish(completion)
    }

    // MARK: Attempts

    /// Sets the timer for the next attempt.
    private func plan() {
        runtime.loop.reset(&timer, to: schedule.next) { [unowned self] in attemptDue() }
    }

    private func attemptDue() {
        timer = nil
        guard !isStopping else { return }
        for attempt in schedule.takeDue(at: .now) { start(attempt) }
        plan()
    }

    private func start(_ attempt: RetrySchedule.Attempt) {
        let process = attempt.process
        let steps = RetryAttempt(
            process: process, attempt: attempt.number, before: options.before,
            silenceFile: silenceFile, own: own, client: client)
        let log = runtime.log
        run {
            steps.prepare { log.report(.warning, "\(process): \($0)") }
        } completion: { [unowned self] outcome in
            guard outcome == .ready else { return settle(attempt, outcome) }
            afterBufferedEvents { [unowned self] in
                guard !isStopping, schedule.begin(attempt) else { return }
                begun[process] = attempt.number
                run(steps.start) { [unowned self] in settle(attempt, $0) }
            }
        }
    }

    /// Calls a handler once the events that supervisord buffered have arrived: they would be taken
    /// for the result of the attempt.
    private func afterBufferedEvents(_ handler: @escaping () -> Void) {
        let rest = bufferRest
        guard rest > .zero else { return handler() }
        runtime.loop.after(rest, handler: handler)
    }

    /// How long events that supervisord buffered may still arrive.
    private var bufferRest: Duration {
        firstEvent.map { $0 + Self.bufferPeriod - .now } ?? .zero
    }

    /// Runs a step of an attempt in a worker.
    private func run(
        _ step: @escaping () -> RetryAttempt.Outcome,
        completion: @escaping (RetryAttempt.Outcome?) -> Void
    ) {
        runtime.workers.run(deadline: RetryAttempt.deadline) {
            step().write()
            return 0
        } completion: { records in
            completion(records.first(RetryAttempt.Outcome.self))
        }
    }

    /// Logs the start of an attempt, unless that is done: its events may arrive before its result.
    private func logStart(of process: ProcessName) {
        guard let attempt = begun.removeValue(forKey: process) else { return }
        runtime.log.report(.info, "starting \(process), attempt \(attempt)")
    }

    private func settle(_ attempt: RetrySchedule.Attempt, _ outcome: RetryAttempt.Outcome?) {
        defer {
            begun[attempt.process] = nil
            plan()
        }
        let process = attempt.process
        if case .silenced = outcome {
        } else if silenced.remove(process) != nil {
            runtime.log.report(.info, "\(process) is no longer silenced")
        }
        let pause = Duration.seconds(options.pause.shortest)
        switch outcome {
        case .ready:
            break
        case .started:
            logStart(of: process)
        case .early:
            schedule.postpone(attempt, by: Self.startInterval, at: .now)
        case .refused(let reason):
            guard
                case .retry(let next, let pause) = schedule.refuse(
                    attempt, at: .now, chance: chance())
            else { return }
            runtime.log.report(.warning, "cannot start \(process): \(reason)")
            report(process, next, pause)
        case .silenced(let end):
            if silenced.insert(process).inserted {
                let time = Timestamp(seconds: end).asctime
                runtime.log.report(.info, "not starting \(process): it is silenced until \(time)")
            }
            schedule.postpone(attempt, by: Self.silenceInterval, at: .now)
        case .notYet:
            runtime.log.report(
                .info,
                runtime.isFinishing
                    ? "not starting \(process): --before exited with status 75"
                    : "not starting \(process): --before exited with status 75; retrying")
            schedule.postpone(attempt, by: pause, at: .now)
        case .notFatal(let state):
            runtime.log.report(.info, "not starting \(process): it is \(state)")
            schedule.forget(attempt)
        case .gone:
            runtime.log.report(.info, "not starting \(process): it no longer exists")
            schedule.forget(attempt)
        case .failed(let reason):
            runtime.log.report(
                .warning,
                runtime.isFinishing
                    ? "cannot start \(process): \(reason)"
                    : "cannot start \(process), retrying: \(reason)")
            schedule.postpone(attempt, by: pause, at: .now)
        case nil:
            runtime.log.report(
                .warning,
                runtime.isFinishing
                    ? "cannot start \(process): no response"
                    : "cannot start \(process), retrying: no response")
            schedule.postpone(attempt, by: pause, at: .now)
        }
    }
}

internal import Alerting
internal import EventLoop
internal import SupervisorRPC
internal import System

/// Runs diagnoses with a limited time.
///
/// A diagnosis starts a moment after the incident, when supervisord has restarted the process or
/// not. One worker at a time diagnoses all incidents that are due. An incident whose diagnosis is
/// not complete in time is reported without it.
final class DiagnosisQueue {
    /// The result of a diagnosis.
    enum Result {
        /// The findings, possibly none.
        case explained(Diagnostics)
        /// supervisord is shutting down, so the exit is not an incident.
        case shutdown
    }

    private struct Case {
        let number: Int
        var incident: DiagnosisCase
        /// When the diagnosis is due.
        let start: Instant
        let timer: PollLoop.Timer
        let completion: (Result) -> Void
        /// Whether supervisord was not shutting down when the incident was added.
        var wasRunning = false
    }

    private unowned let runtime: Runtime
    private let client: SupervisorClient
    private let catalog: ProcessCatalog?
    private let lineCount: Int?
    private var waiting: [Case] = []
    private var underway: [Case] = []
    private var count = 0
    private var timer: PollLoop.Timer?
    /// When the last worker was started.
    private var startedAt: Instant?
    private var onEnd: (() -> Void)?
    private var isFinishing = false
    /// When supervisord was last asked whether it is shutting down.
    private var askedAt: Instant?
    private var stateTimer: PollLoop.Timer?

    /// The timeout for open diagnoses when the program exits.
    private static let shutdownTimeout = Duration.seconds(1)

    /// The minimum time between the starts of two workers, to limit their number in a burst.
    private static let pause = Duration.milliseconds(500)

    /// How long a diagnosis waits for others that are due soon after it.
    private static let gathering = Duration.milliseconds(200)

    /// The minimum time between two requests whether supervisord is shutting down.
    private static let statePause = Duration.milliseconds(200)

    /// The maximum number of incidents for one worker, to limit its output.
    private static let batch = 100

    /// Creates a queue.
    ///
    /// - Parameters:
    ///   - runtime: The program, which outlives the queue.
    ///   - client: The connection to supervisord.
    ///   - catalog: The data of processes.
    ///   - lineCount: As in ``Diagnosis``.
    init(
        _ runtime: Runtime, client: SupervisorClient, catalog: ProcessCatalog?, lineCount: Int?
    ) {
        self.runtime = runtime
        self.client = client
        self.catalog = catalog
        self.lineCount = lineCount
    }

    /// Diagnoses an incident after a delay.
    ///
    /// - Parameters:
    ///   - incident: The incident.
    ///   - delay: The delay.
    ///   - completion: Called once, six seconds after the delay at the latest.
    func explain(
        _ incident: DiagnosisCase, after delay: Duration, completion: @escaping (Result) -> Void
    ) {
        guard !isFinishing else { return completion(.explained(Diagnostics())) }
        count += 1
        let number = count
        // Whether supervisord is shutting down is known immediately.
        let delay = lineCount == nil ? .zero : delay
        let timer = runtime.loop.after(delay + Diagnosis.deadline) { [unowned self] in
            // A running diagnosis has its own deadline, and reports what it has found by then.
            guard let index = waiting.firstIndex(where: { $0.number == number }) else { return }
            close(waiting.remove(at: index), nil)
            endIfDone()
        }
        waiting.append(
            Case(
                number: number, incident: incident, start: .now + delay, timer: timer,
                completion: completion))
        schedule()
        if delay > .zero { askSoon() }
    }

    // MARK: Whether supervisord is shutting down

    /// Asks at once, or soon after the last request: an exit may be the reason for a shutdown that
    /// begins before its diagnosis.
    private func askSoon() {
        guard stateTimer == nil else { return }
        let start = max(.now, askedAt.map { $0 + Self.statePause } ?? .now)
        guard start > .now else { return askState() }
        stateTimer = runtime.loop.after(start - .now) { [weak self] in
            self?.stateTimer = nil
            self?.askState()
        }
    }

    private func askState() {
        guard !isFinishing else { return }
        askedAt = .now
        let (client, last) = (client, count)
        runtime.workers.run(deadline: Diagnosis.deadline, mayBeLate: true) {
            RunningRecord(isRunning: (try? client.getState().code) == 1).write()
            return 0
        } completion: { [weak self] records in
            guard records.first(RunningRecord.self)?.isRunning == true else { return }
            self?.noteRunning(upTo: last)
        }
    }

    private func noteRunning(upTo last: Int) {
        for index in waiting.indices where waiting[index].number <= last {
            waiting[index].wasRunning = true
        }
        for index in underway.indices where underway[index].number <= last {
            underway[index].wasRunning = true
        }
    }

    /// Whether supervisord is not shutting down.
    private struct RunningRecord: WorkerRecord {
        static let recordName = "running"

        let isRunning: Bool

        init(isRunning: Bool) {
            self.isRunning = isRunning
        }

        init?(fields: [String]) {
            isRunning = fields == ["1"]
        }

        var fields: [String] { [isRunning ? "1" : "0"] }
    }

    // MARK: The diagnoses

    /// Completes all open diagnoses before the program exits.
    ///
    /// This takes a moment: only supervisord knows whether a process ended because of its shutdown.
    /// Later incidents are not diagnosed.
    ///
    /// - Parameter completion: Called once when no diagnosis is open.
    func finish(_ completion: @escaping () -> Void) {
        isFinishing = true
        onEnd = completion
        runtime.loop.after(Self.shutdownTimeout) { [weak self] in self?.closeAll() }
        start()
        endIfDone()
    }

    private func closeAll() {
        let open = underway + waiting
        underway = []
        waiting = []
        for next in open { close(next, nil) }
        endIfDone()
    }

    private func endIfDone() {
        guard waiting.isEmpty && underway.isEmpty, let onEnd else { return }
        self.onEnd = nil
        onEnd()
    }

    private func schedule() {
        guard underway.isEmpty, let first = waiting.map(\.start).min() else { return }
        // Those that died together are diagnosed together, if they are due soon.
        let close = waiting.map(\.start).filter { $0 <= first + Self.gathering }
        let due = close.max() ?? first
        let start = max(due, startedAt.map { $0 + Self.pause } ?? due)
        runtime.loop.reset(&timer, to: start) { [weak self] in self?.start() }
    }

    /// Starts a worker for all incidents that are due, or for all before the program exits.
    private func start() {
        if let timer { runtime.loop.cancel(timer) }
        timer = nil
        let now = Instant.now
        let due = waiting.filter { isFinishing || $0.start <= now }.prefix(Self.batch)
        guard underway.isEmpty, !due.isEmpty else { return schedule() }
        let numbers = Set(due.map(\.number))
        waiting.removeAll { numbers.contains($0.number) }
        underway = due.map { next in
            var next = next
            catalog?.complete(&next.incident)
            return next
        }
        startedAt = now
        let diagnosis = Diagnosis(
            cases: underway.map { ($0.number, $0.incident) }, lineCount: lineCount, client: client)
        runtime.workers.run(deadline: Diagnosis.deadline, mayBeLate: true) {
            diagnosis.run()
        } completion: { [weak self] records in
            self?.end(records)
        }
    }

    private func end(_ records: WorkerRecords) {
        let ended = underway
        underway = []
        catalog?.note(records)
        let results = DiagnosisReport.results(in: records)
        for next in ended { close(next, results[next.number]) }
        if isFinishing { start() } else { schedule() }
        endIfDone()
    }

    private func close(_ ended: Case, _ result: Result?) {
        runtime.loop.cancel(ended.timer)
        if case .shutdown = result, ended.wasRunning {
            return ended.completion(.explained(Diagnostics()))
        }
        ended.completion(result ?? .explained(Diagnostics()))
    }
}

internal import Alerting
internal import EventLoop
internal import System

/// Runs diagnoses with a limited time.
///
/// A few run at once. An incident whose diagnosis is not complete in time is reported without it.
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
        let diagnosis: Diagnosis
        let due: Instant
        let timer: PollLoop.Timer
        let completion: (Result) -> Void
    }

    private unowned let runtime: Runtime
    private var waiting: [Case] = []
    private var underway: [Int: Case] = [:]
    private var count = 0
    private var onEnd: (() -> Void)?
    private var isFinishing = false

    /// The timeout for open diagnoses when the program exits.
    private static let lastMoments = Duration.seconds(1)

    /// The maximum number of concurrent diagnoses: supervisord handles one request at a time
    /// anyway.
    private static let concurrency = 4

    init(_ runtime: Runtime) {
        self.runtime = runtime
    }

    /// Starts a diagnosis, and calls back within three seconds.
    func explain(_ diagnosis: Diagnosis, completion: @escaping (Result) -> Void) {
        guard !isFinishing else { return completion(.explained(Diagnostics())) }
        count += 1
        let number = count
        let timer = runtime.loop.after(Diagnosis.deadline) { [unowned self] in
            // A running diagnosis has the same deadline, and reports what it has found by then.
            if waiting.contains(where: { $0.number == number }) {
                close(number, WorkerRecords(lines: []))
            }
        }
        waiting.append(
            Case(
                number: number, diagnosis: diagnosis, due: .now + Diagnosis.deadline,
                timer: timer, completion: completion))
        startNext()
    }

    /// Completes all open diagnoses before the program exits.
    ///
    /// This takes a moment: only supervisord knows whether a process ended because of its shutdown.
    /// Later incidents are not diagnosed.
    ///
    /// - Parameter completion: Called once when no diagnosis is open.
    func finish(_ completion: @escaping () -> Void) {
        isFinishing = true
        onEnd = completion
        runtime.loop.after(Self.lastMoments) { [weak self] in self?.giveUp() }
        endIfDone()
    }

    private func giveUp() {
        for number in waiting.map(\.number) + underway.keys.sorted() {
            close(number, WorkerRecords(lines: []))
        }
    }

    private func endIfDone() {
        guard waiting.isEmpty && underway.isEmpty, let onEnd else { return }
        self.onEnd = nil
        onEnd()
    }

    private func startNext() {
        while underway.count < Self.concurrency, !waiting.isEmpty {
            let next = waiting.removeFirst()
            underway[next.number] = next
            let diagnosis = next.diagnosis
            runtime.workers.run(deadline: next.due - .now, mayBeLate: true) {
                diagnosis.run()
            } completion: { [weak self] records in
                self?.close(next.number, records)
            }
        }
    }

    private func close(_ number: Int, _ records: WorkerRecords) {
        let index = waiting.firstIndex { $0.number == number }
        guard
            let closed = index.map({ waiting.remove(at: $0) })
                ?? underway.removeValue(forKey: number)
        else { return }
        runtime.loop.cancel(closed.timer)
        let isShutdown = records.first(Diagnosis.ShutdownRecord.self) != nil
        closed.completion(
            isShutdown ? .shutdown : .explained(Diagnosis.diagnostics(in: records)))
        startNext()
        endIfDone()
    }
}

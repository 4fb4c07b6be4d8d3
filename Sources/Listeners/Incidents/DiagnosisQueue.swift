// Sees to it that incidents are explained, soon or not at all.

internal import Alerting
internal import EventLoop
internal import System

/// Sees to it that incidents are explained, soon or not at all.
///
/// A few investigations run at once; whatever is not explained in time is told without.
final class DiagnosisQueue {
    /// What an investigation came to.
    enum Result {
        /// What has been found out; perhaps nothing.
        case explained(Diagnostics)
        /// Supervisord is shutting down, so that nothing is wrong with what has ended.
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

    /// How long open investigations may go on when the program ends.
    private static let lastMoments = Duration.seconds(1)

    /// The most investigations at once: supervisord answers one after the other anyway.
    private static let concurrency = 4

    init(_ runtime: Runtime) {
        self.runtime = runtime
    }

    /// Investigates, and calls back in three seconds at the latest.
    func explain(_ diagnosis: Diagnosis, completion: @escaping (Result) -> Void) {
        guard !isFinishing else { return completion(.explained(Diagnostics())) }
        count += 1
        let number = count
        let timer = runtime.loop.after(Diagnosis.deadline) { [unowned self] in
            // One that is under way has the same deadline, and tells what it had come to.
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

    /// Brings everything to an end that is still open, since the program ends.
    ///
    /// That takes a moment: only supervisord can say whether what has just ended did so because of
    /// its shutdown. What comes later is not investigated.
    ///
    /// - Parameter completion: Called once, when nothing is open any more.
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

// Sees to it that incidents are explained, soon or not at all.

internal import Alerting
internal import EventLoop

/// Sees to it that incidents are explained, soon or not at all.
///
/// A few investigations run at once; whatever is not explained in time is told without.
final class Investigator {
    /// What an investigation came to.
    enum Result {
        /// What has been found out; perhaps nothing.
        case explained(Explanation)
        /// Supervisord is shutting down, so that nothing is wrong with what has ended.
        case shutdown
    }

    private struct Case {
        let number: Int
        let investigation: Investigation
        let due: Instant
        let timer: PollLoop.Timer
        let completion: (Result) -> Void
    }

    private unowned let resident: Resident
    private var waiting: [Case] = []
    private var underway: [Int: Case] = [:]
    private var count = 0
    private var onEnd: (() -> Void)?
    private var isFinishing = false

    /// How long open investigations may go on when the program ends.
    private static let lastMoments = Duration.seconds(1)

    /// The most investigations at once: supervisord answers one after the other anyway.
    private static let concurrency = 4

    init(_ resident: Resident) {
        self.resident = resident
    }

    /// Investigates, and calls back in three seconds at the latest.
    func explain(_ investigation: Investigation, completion: @escaping (Result) -> Void) {
        guard !isFinishing else { return completion(.explained(Explanation())) }
        count += 1
        let number = count
        let timer = resident.loop.after(Investigation.deadline) { [unowned self] in
            // One that is under way has the same deadline, and tells what it had come to.
            if waiting.contains(where: { $0.number == number }) { close(number, []) }
        }
        waiting.append(
            Case(
                number: number, investigation: investigation, due: .now + Investigation.deadline,
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
        resident.loop.after(Self.lastMoments) { [weak self] in self?.giveUp() }
        endIfDone()
    }

    private func giveUp() {
        for number in waiting.map(\.number) + underway.keys.sorted() { close(number, []) }
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
            let investigation = next.investigation
            resident.work(deadline: next.due - .now, mayBeLate: true) {
                investigation.run()
            } completion: { [weak self] records, _ in
                self?.close(next.number, records)
            }
        }
    }

    private func close(_ number: Int, _ records: [[String]]) {
        let index = waiting.firstIndex { $0.number == number }
        guard
            let closed = index.map({ waiting.remove(at: $0) })
                ?? underway.removeValue(forKey: number)
        else { return }
        resident.loop.cancel(closed.timer)
        let isShutdown = records.contains(Investigation.isShuttingDown)
        closed.completion(
            isShutdown ? .shutdown : .explained(Explanation(records: records) ?? Explanation()))
        startNext()
        endIfDone()
    }
}

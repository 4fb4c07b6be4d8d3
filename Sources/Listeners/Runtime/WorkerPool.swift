// Runs slow work in worker processes.

internal import Alerting
internal import EventLoop

/// Runs slow work in worker processes, and counts those that are running.
final class WorkerPool {
    private let loop: PollLoop
    private let log: Log
    private let ticks: TickTracker
    private let receive: (WorkerRecords) -> Void

    /// How many workers are running.
    private(set) var count = 0
    /// How many of them go on after the end of this program.
    private(set) var lastingCount = 0
    /// Called whenever a worker has ended.
    var onEnd: () -> Void = {}

    /// The most that a worker may report, in bytes.
    private static let outputLimit = 4_194_304

    /// Makes a pool.
    ///
    /// - Parameters:
    ///   - loop: The program's one wait.
    ///   - log: Where failures are logged.
    ///   - ticks: Counts the work that a tick has started.
    ///   - receive: Takes the records of each worker that has ended, before its own completion.
    init(
        loop: PollLoop, log: Log, ticks: TickTracker, receive: @escaping (WorkerRecords) -> Void
    ) {
        self.loop = loop
        self.log = log
        self.ticks = ticks
        self.receive = receive
    }

    /// Runs a piece of work in a worker.
    ///
    /// - Parameters:
    ///   - deadline: When it is killed.
    ///   - endsWithProgram: Whether it is killed at the end of the program; one that is in the
    ///     middle of a restart must not be.
    ///   - mayBeLate: Whether a passed deadline is no failure.
    ///   - work: The work; it returns an exit status.
    ///   - progress: Called with what it reports as soon as it does.
    ///   - completion: Called when it has ended, with all that it reported.
    func run(
        deadline: Duration, endsWithProgram: Bool = true, mayBeLate: Bool = false,
        _ work: @escaping () -> Int32, progress: ((WorkerRecords) -> Void)? = nil,
        completion: @escaping (WorkerRecords) -> Void
    ) {
        count += 1
        if !endsWithProgram { lastingCount += 1 }
        let tick = ticks.beginWork()
        var unread: [UInt8] = []
        loop.start(
            .worker(work), deadline: deadline, limit: Self.outputLimit,
            endsWithParent: endsWithProgram,
            progress: progress.map { [ticks] progress in
                { bytes in
                    unread += bytes
                    guard let end = unread.lastIndex(of: UInt8(ascii: "\n")) else { return }
                    let records = WorkerRecords(Array(unread[...end]))
                    unread.removeFirst(end + 1)
                    ticks.resume(tick) { progress(records) }
                }
            }
        ) { [unowned self] report in
            count -= 1
            if !endsWithProgram { lastingCount -= 1 }
            let isLate = mayBeLate && report.end == .timedOut
            let isWell = report.end == .exited(0) || isLate
            if !isWell { log.note("worker process failed: \(report.end)") }
            let records = WorkerRecords(report.output)
            // A listener that is blind is not well.
            let isDone =
                isWell && records.first(CheckFailure.self) == nil
                && records.first(UnfinishedRecord.self) == nil
            ticks.finish(tick, isWell: isDone) {
                receive(records)
                completion(records)
            }
            onEnd()
        }
    }
}

internal import Alerting
internal import EventLoop

/// Runs slow work in worker processes, and counts the running ones.
final class WorkerPool {
    private let loop: PollLoop
    private let log: Log
    private let ticks: TickTracker
    private let receive: (WorkerRecords) -> Void

    /// How many workers are running.
    private(set) var count = 0
    /// How many of them continue after this program exits.
    private(set) var lastingCount = 0
    /// Called whenever a worker has ended.
    var onEnd: () -> Void = {}

    /// The most that a worker may report, in bytes.
    private static let outputLimit = Outbox.capacity

    /// Creates a pool.
    ///
    /// - Parameters:
    ///   - loop: The event loop.
    ///   - log: The log for failures.
    ///   - ticks: Tracks the work started by a tick.
    ///   - receive: Receives the records of each worker that has ended, before its own completion.
    init(
        loop: PollLoop, log: Log, ticks: TickTracker, receive: @escaping (WorkerRecords) -> Void
    ) {
        self.loop = loop
        self.log = log
        self.ticks = ticks
        self.receive = receive
    }

    /// Runs work in a worker.
    ///
    /// - Parameters:
    ///   - deadline: How long it may run before it is killed.
    ///   - endsWithProgram: Whether it is killed when the program exits; one in the middle of a
    ///     restart must not be.
    ///   - mayBeLate: Whether exceeding the deadline is not a failure.
    ///   - work: The work; it returns an exit status.
    ///   - progress: Called with its records as they arrive.
    ///   - completion: Called with all its records when it has ended.
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
            let hasSucceeded = report.end == .exited(0) || isLate
            if !hasSucceeded { log.report(.warning, "worker process failed: \(report.end)") }
            let records = WorkerRecords(report.output)
            // A listener that cannot check anything is not healthy.
            let isDone =
                hasSucceeded && records.first(CheckFailure.self) == nil
                && records.first(UnfinishedRecord.self) == nil
            ticks.finish(tick, hasSucceeded: isDone) {
                receive(records)
                completion(records)
            }
            onEnd()
        }
    }
}

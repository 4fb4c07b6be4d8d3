/// Detects when all work started by a tick has completed successfully, and then calls the
/// heartbeat.
///
/// Work that is started when a worker ends belongs to the worker's tick.
final class TickTracker {
    /// The open work of one tick: the tick itself and the workers it started.
    final class Work {
        fileprivate var open = 1
        fileprivate var hasFailed = false
    }

    private let heartbeat: Heartbeat?
    private var openTicks = 0
    /// The tick that work started now belongs to.
    private var current: Work?

    init(heartbeat: Heartbeat?) {
        self.heartbeat = heartbeat
    }

    /// Handles an event.
    ///
    /// - Parameters:
    ///   - isTick: Whether the event is a tick.
    ///   - handle: Handles it.
    func track(isTick: Bool, _ handle: () -> Void) {
        current = isTick ? Work() : nil
        if isTick { openTicks += 1 }
        handle()
        end(current, hasSucceeded: true)
        current = nil
    }

    /// Counts a worker that starts now.
    ///
    /// - Returns: The tick it belongs to, for ``finish(_:hasSucceeded:_:)``.
    func beginWork() -> Work? {
        current?.open += 1
        return current
    }

    /// Handles the end of a worker.
    ///
    /// - Parameters:
    ///   - work: The tick it belongs to.
    ///   - hasSucceeded: Whether it completed successfully.
    ///   - handle: Handles its end.
    func finish(_ work: Work?, hasSucceeded: Bool, _ handle: () -> Void) {
        current = work
        handle()
        end(work, hasSucceeded: hasSucceeded)
        current = nil
    }

    /// Handles a record that a worker reports before it ends.
    ///
    /// - Parameters:
    ///   - work: The tick it belongs to.
    ///   - handle: Handles it.
    func resume(_ work: Work?, _ handle: () -> Void) {
        let interrupted = current
        current = work
        handle()
        current = interrupted
    }

    private func end(_ work: Work?, hasSucceeded: Bool) {
        guard let work else { return }
        work.open -= 1
        work.hasFailed = work.hasFailed || !hasSucceeded
        guard work.open == 0 else { return }
        openTicks -= 1
        if openTicks == 0 && !work.hasFailed { heartbeat?.beat() }
    }
}

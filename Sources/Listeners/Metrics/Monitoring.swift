// What a listener counts, and the file it is written to.

internal import Alerting
internal import EventLoop
internal import ListenerProtocol

/// What a listener counts, and the file it is written to; there is none without `--metrics`.
final class Monitoring {
    private var origin: Origin
    private let metrics: Metrics
    private let file: MetricsFile

    /// Begins to count; `nil` if nobody wants metrics.
    ///
    /// - Parameters:
    ///   - settings: What the listener was started with.
    ///   - outbox: Whose deliveries are counted.
    ///   - loop: The program's one wait.
    ///   - log: Where trouble is logged.
    init?(_ settings: Settings, outbox: Outbox, loop: PollLoop, log: Log) {
        guard let path = settings.other.metrics else { return nil }
        origin = settings.origin
        metrics = Metrics(origin: settings.origin, channels: settings.channels.map(\.name))
        file = MetricsFile(
            path: path, origin: settings.origin, metrics: metrics, loop: loop, log: log)
        metrics.waiting = { [unowned outbox] in outbox.waitingCount }
        outbox.onFate = { [unowned self] channel, fate, count in
            metrics.note(channel, fate, count)
            update()
        }
    }

    /// Shows what a queue of restarts does not do.
    func watch(_ queue: RestartQueue) {
        metrics.supervision = { [unowned queue] in (queue.ledger.held, queue.ledger.givenUp) }
    }

    /// Counts an event.
    func note(_ event: Event) {
        if !origin.isNamed, let pool = event.header.pool {
            origin = origin.named(pool)
            metrics.origin = origin
            file.move(to: origin)
        }
        metrics.note(event.name)
    }

    /// Counts what a worker reports.
    func note(_ records: WorkerRecords) {
        metrics.note(records)
    }

    /// Writes the file soon, unless the listener's name, which stands in it, is still to come.
    func update() {
        if origin.isNamed { file.update() }
    }

    /// Writes the last figures, since the program ends.
    func finish() {
        file.finish()
    }
}

internal import Alerting
internal import EventLoop
internal import ListenerProtocol

/// The metrics of a listener and the file they are written to, with `--metrics` only.
final class Monitoring {
    private var origin: Origin
    private let metrics: Metrics
    private let file: MetricsFile

    /// Creates the metrics; `nil` without `--metrics`.
    ///
    /// - Parameters:
    ///   - settings: The listener's settings.
    ///   - outbox: The source of the delivery counters.
    ///   - loop: The event loop.
    ///   - log: The log for errors.
    init?(_ settings: Settings, outbox: Outbox, loop: PollLoop, log: Log) {
        guard let place = settings.channelSettings.metrics else { return nil }
        origin = settings.origin
        metrics = Metrics(origin: settings.origin, channels: settings.channels.map(\.name))
        file = MetricsFile(
            place, origin: settings.origin, metrics: metrics, loop: loop, log: log)
        metrics.waiting = { [unowned outbox] in outbox.waitingCount }
        outbox.onDelivery = { [unowned self] channel, metric, count in
            metrics.note(channel, metric, count)
            update()
        }
    }

    /// Includes the number of counted alerts.
    func watch(_ flood: FloodControl) {
        metrics.counted = { [unowned flood] in flood.count }
    }

    /// Includes the state of a restart queue.
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

    /// Records a worker's results.
    func note(_ records: WorkerRecords) {
        metrics.note(records)
    }

    /// Schedules a write, unless the listener's name, which the file contains, is not known yet.
    func update() {
        if origin.isNamed { file.update() }
    }

    /// Writes the final values before the program exits.
    func finish() {
        file.finish()
    }
}

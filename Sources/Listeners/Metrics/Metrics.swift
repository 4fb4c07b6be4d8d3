internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import System

/// The metrics of a listener, as described in docs/metrics.md.
final class Metrics {
    /// The listener.
    var origin: Origin
    private let begin = Timestamp.now
    private var events: [String: Int] = [:]
    private var lastEvent: Timestamp?
    private var alerts: [Delivery: Int] = [:]
    private var successes: [String: Timestamp] = [:]
    private var restarts: [ProcessName: Int] = [:]
    private var sites: [SiteSample] = []
    private var memory: [MemorySample] = []

    private struct Delivery: Hashable {
        let channel: String
        let metric: DeliveryMetric
    }

    /// The processes that are not restarted, each with the reason, and those that are no longer
    /// restarted.
    var supervision: () -> (held: [ProcessName: HoldReason], givenUp: [ProcessName]) = { ([:], []) }

    /// The number of undelivered alerts.
    var waiting: () -> Int = { 0 }

    /// The number of incidents that are counted, to be reported in a summary.
    var counted: () -> Int = { 0 }

    /// Creates the metrics of a listener.
    ///
    /// - Parameters:
    ///   - origin: The listener.
    ///   - channels: The names of its channels, whose counters begin at zero.
    init(origin: Origin, channels: [String]) {
        self.origin = origin
        for channel in channels {
            for metric in DeliveryMetric.allCases {
                alerts[Delivery(channel: channel, metric: metric)] = 0
            }
        }
    }

    /// Counts an event.
    func note(_ name: EventName) {
        events[name.rawValue, default: 0] += 1
        lastEvent = .now
    }

    /// Counts what became of alerts.
    func note(_ channel: String, _ metric: DeliveryMetric, _ count: Int) {
        alerts[Delivery(channel: channel, metric: metric), default: 0] += count
        if metric == .delivered { successes[channel] = .now }
    }

    /// Records a worker's measurements and actions.
    func note(_ records: WorkerRecords) {
        let samples = records.all(MemorySample.self)
        if !samples.isEmpty { memory = samples }
        let checked = records.all(SiteSample.self)
        if !checked.isEmpty { noteSites(checked) }
        for record in records.all(RestartOutcomeRecord.self) where record.outcome == .restarted {
            restarts[record.process, default: 0] += 1
        }
    }

    /// The metrics in Prometheus's text format (Prometheus manual, "Exposition formats").
    var text: String {
        var text = MetricsText(labels: [("tool", origin.tool), ("listener", origin.listener)])
        addCounters(&text)
        addGauges(&text)
        addSupervision(&text)
        addMeasurements(&text)
        return text.text
    }

    private func addCounters(_ text: inout MetricsText) {
        text.add(
            "superlance_events_total", .counter, "Events received from supervisord.",
            events.map { ([("event", $0.key)], Double($0.value)) })
        text.add(
            "superlance_alerts_total", .counter,
            "Attempts to deliver an alert, by channel and outcome.",
            alerts.map {
                let labels = [("channel", $0.key.channel), ("outcome", $0.key.metric.rawValue)]
                return (labels, Double($0.value))
            })
        text.add(
            "superlance_restarts_total", .counter,
            "Restarts of a process by this listener.",
            restarts.map { (Self.labels($0.key), Double($0.value)) })
    }

    private func addGauges(_ text: inout MetricsText) {
        text.add(
            "superlance_outbox_alerts", .gauge,
            "Undelivered alerts, counted once for each channel.",
            [([], Double(waiting()))])
        text.add(
            "superlance_counted_alerts", .gauge,
            "Alerts that are counted because of --flood-limit or --cooldown, for a summary.",
            [([], Double(counted()))])
        text.add(
            "superlance_start_timestamp_seconds", .gauge, "Start time of the listener.",
            [([], Double(begin.seconds))])
        text.add(
            "superlance_last_event_timestamp_seconds", .gauge, "Time of the last event.",
            lastEvent.map { [([], Double($0.seconds))] } ?? [])
        text.add(
            "superlance_last_success_timestamp_seconds", .gauge,
            "Time of the last delivery through a channel.",
            successes.map { ([("channel", $0.key)], Double($0.value.seconds)) })
    }

    private func addSupervision(_ text: inout MetricsText) {
        let (held, givenUp) = supervision()
        text.add(
            "superlance_restart_held", .gauge,
            "Processes that fail their checks and are not restarted, by reason.",
            held.map { (Self.labels($0.key) + [("reason", $0.value.label)], 1) })
        text.add(
            "superlance_gave_up", .gauge,
            "Processes that are no longer restarted, because restarts did not help.",
            givenUp.map { (Self.labels($0), 1) })
    }

    private func addMeasurements(_ text: inout MetricsText) {
        text.add(
            "superlance_httpok_up", .gauge, "Whether the last check succeeded.",
            sites.map { (Self.labels($0), $0.isHealthy ? 1 : 0) })
        text.add(
            "superlance_httpok_status_code", .gauge,
            "Status code of the last check, 0 without a response.",
            sites.map { (Self.labels($0), Double($0.status)) })
        text.add(
            "superlance_httpok_duration_seconds", .gauge, "Duration of the last check.",
            sites.map { (Self.labels($0), $0.seconds) })
        text.add(
            "superlance_memmon_rss_bytes", .gauge, "Memory of a process, as measured by memmon.",
            memory.map { (Self.labels($0.process), Double($0.size)) })
        text.add(
            "superlance_memmon_limit_bytes", .gauge, "Memory limit of a process.",
            memory.compactMap { sample in
                sample.limit.map { (Self.labels(sample.process), Double($0)) }
            })
    }

    /// Records the measurements of a round; unfinished checks are not included.
    private func noteSites(_ samples: [SiteSample]) {
        let names = Set(samples.map(\.check))
        sites = sites.filter { !names.contains($0.check) } + samples
    }

    /// A single URL needs no label.
    private static func labels(_ site: SiteSample) -> [MetricsText.Label] {
        site.check.isEmpty ? [] : [("check", site.check)]
    }

    private static func labels(_ process: ProcessName) -> [MetricsText.Label] {
        [("group", process.group), ("process", process.name)]
    }
}

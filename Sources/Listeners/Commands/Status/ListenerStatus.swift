internal import System

/// The status of a listener, from its metrics.
struct ListenerStatus {
    /// The listener, `group:name` or `name`.
    let listener: String

    private let readings: [MetricsReading]
    private let now: Int

    /// Groups readings by listener.
    static func all(_ readings: [MetricsReading], now: Int) -> [ListenerStatus] {
        let groups = Dictionary(grouping: readings) { $0.labels["listener"] ?? "" }
        return groups.filter { !$0.key.isEmpty }.sorted { $0.key < $1.key }.map {
            ListenerStatus(listener: $0.key, readings: $0.value, now: now)
        }
    }

    private func reading(_ name: String) -> MetricsReading? {
        readings.first { $0.name == "superlance_\(name)" }
    }

    /// The tool.
    var tool: String { readings.first?.labels["tool"] ?? "" }

    /// The seconds since the last event, or since the start if there was none.
    var silence: Int? {
        (reading("last_event_timestamp_seconds") ?? reading("start_timestamp_seconds"))
            .map { max(0, now.subtractingSaturated($0.count)) }
    }

    /// The number of undelivered alerts.
    var waiting: Int { reading("outbox_alerts")?.count ?? 0 }

    /// Details that deserve a line of their own.
    var details: [String] {
        var details: [String] = []
        for reading in readings.sorted(by: {
            $0.labels["channel"] ?? "" < $1.labels["channel"] ?? ""
        })
        where reading.name == "superlance_last_success_timestamp_seconds" {
            let age = Self.duration(max(0, now.subtractingSaturated(reading.count)))
            details.append("last delivery by \(reading.labels["channel"] ?? "?"): \(age) ago")
        }
        for (name, text) in [
            ("restarts_total", "restarted"), ("gave_up", "given up"),
            ("pending_starts", "start pending"), ("silenced", "silenced"),
            ("failed_checks", "failed checks"),
        ] {
            for reading in readings where reading.name == "superlance_\(name)" && reading.value > 0
            {
                let count =
                    reading.value > 1 || name == "restarts_total" ? " \(reading.count)" : ""
                details.append("\(process(reading)): \(text)\(count)")
            }
        }
        if let counted = reading("counted_alerts")?.count, counted > 0 {
            details.append("\(counted) counted for a summary")
        }
        if reading("httpok_up")?.value == 0 {
            details.append("the last check of the URL failed")
        }
        return details + overLimit
    }

    private var overLimit: [String] {
        readings.filter { $0.name == "superlance_memmon_rss_bytes" }.compactMap { reading in
            let limit = readings.first {
                $0.name == "superlance_memmon_limit_bytes" && process($0) == process(reading)
            }
            guard let limit, reading.value > limit.value else { return nil }
            return
                "\(process(reading)): \(reading.count) bytes, over its limit of \(limit.count)"
        }
    }

    private func process(_ reading: MetricsReading) -> String {
        let (group, name) = (reading.labels["group"] ?? "", reading.labels["process"] ?? "")
        return group == name || group.isEmpty ? name : "\(group):\(name)"
    }

    /// A duration in its largest unit.
    static func duration(_ seconds: Int) -> String {
        let units = [("d", 86_400), ("h", 3_600), ("min", 60)]
        let unit = units.first { seconds >= 2 * $0.1 }
        return unit.map { "\(seconds / $0.1) \($0.0)" } ?? "\(seconds) s"
    }
}

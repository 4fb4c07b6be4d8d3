// Alerts as Prometheus's Alertmanager takes them.

internal import ListenerProtocol
internal import System
internal import Text

/// Alerts as Prometheus's Alertmanager takes them (its API, version 2, `postAlerts`).
///
/// It knows an alert by its labels, so that the same labels tell that it is over.
struct AlertmanagerFormat: WebFormat {
    let origin: Origin

    func body(of alert: Alert) -> [UInt8]? {
        var latest: [[UInt8]: Int] = [:]
        var values: [JSONValue] = []
        for incident in alert.effectiveIncidents {
            guard let value = json(incident) else { continue }
            // It takes them as a set: of two about the same, the later one counts.
            let key = labels(incident).bytes
            if let index = latest[key] {
                values[index] = value
            } else {
                latest[key] = values.count
                values.append(value)
            }
        }
        return values.isEmpty ? nil : JSONValue.array(values).bytes
    }

    private func json(_ incident: Incident) -> JSONValue? {
        let start = incident.recovery?.since ?? incident.time
        let end: Timestamp
        if incident.recovery != nil {
            end = max(start, incident.time)
        } else if let stay = Self.stay(incident.kind) {
            end = Timestamp(seconds: start.seconds + stay, milliseconds: start.milliseconds)
        } else {
            // A recovery that is told to people; Alertmanager has been told by another one.
            return nil
        }
        return .object([
            ("labels", labels(incident)),
            (
                "annotations",
                .object([
                    ("summary", .string(incident.message.cut(to: 1_000))),
                    ("description", .string((incident.diagnostics?.text ?? "").cut(to: 8_000))),
                ])
            ),
            ("startsAt", .string(start.rfc3339)),
            ("endsAt", .string(end.rfc3339)),
        ])
    }

    private func labels(_ incident: Incident) -> JSONValue {
        let kind = incident.recovery?.kind ?? incident.kind
        let labels: [(String, String?)] = [
            ("alertname", Self.name(kind)), ("severity", Self.severity(kind)),
            ("host", origin.host), ("supervisor", incident.supervisor),
            ("listener", origin.listener), ("group", incident.process?.group),
            ("process", incident.process?.name),
        ]
        return .object(
            labels.compactMap { label in
                // An empty label is none, says its data model.
                guard let value = label.1, !value.isEmpty else { return nil }
                return (label.0, .string(value))
            })
    }

    private static func name(_ kind: Incident.Kind) -> String {
        switch kind {
        case .exited: "ProcessCrashed"
        case .fatal: "ProcessFatal"
        case .unhealthy: "HTTPCheckFailed"
        case .memory: "MemoryLimitExceeded"
        case .gaveUp: "RestartsNotHelping"
        case .recovered: "Recovered"
        case .other: "SuperlanceAlert"
        case .test: "SuperlanceTest"
        }
    }

    private static func severity(_ kind: Incident.Kind) -> String {
        switch kind {
        case .fatal, .unhealthy, .gaveUp: "critical"
        case .exited, .memory, .other: "warning"
        case .recovered, .test: "info"
        }
    }

    /// How long an alert stands if nobody tells that it is over, in seconds.
    private static func stay(_ kind: Incident.Kind) -> Int? {
        switch kind {
        // These last until something changes.
        case .fatal, .unhealthy, .gaveUp: 604_800
        // These have happened; what comes after them may be seen by nobody.
        case .exited, .memory: 86_400
        case .other: 3_600
        case .test: 300
        case .recovered: nil
        }
    }
}

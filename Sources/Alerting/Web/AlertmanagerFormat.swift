internal import Curl
internal import ListenerProtocol
internal import System
internal import Text

/// Alerts for Prometheus's Alertmanager (API version 2, `postAlerts`).
///
/// Alertmanager identifies an alert by its labels, so a resolution must have the same labels.
struct AlertmanagerFormat: WebFormat {
    let origin: Origin

    /// How long an alert stays active after it was last sent, in seconds.
    ///
    /// It is four times the interval of ``ActiveAlerts``: as with Prometheus, three repetitions may
    /// fail.
    var lifetime = 480

    func requests(for parcel: Parcel, by base: HTTPRequest) -> [WebRequest] {
        body(of: parcel.digest, at: .now).map {
            [WebRequest(base, body: $0, reporting: parcel.incidentIndices)]
        } ?? []
    }

    func body(of alert: Alert, at now: Timestamp) -> [UInt8]? {
        var latest: [[UInt8]: Int] = [:]
        var values: [JSONValue] = []
        for incident in alert.effectiveIncidents {
            guard let value = json(incident, at: now) else { continue }
            // Alertmanager treats alerts as a set: of two with the same labels, the later one
            // counts.
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

    private func json(_ incident: Incident, at now: Timestamp) -> JSONValue? {
        let start = incident.recovery?.since ?? incident.start
        guard let end = end(of: incident, since: start, at: now) else { return nil }
        return .object([
            ("labels", labels(incident)),
            (
                "annotations",
                .object([
                    ("summary", .string(Headline(of: incident, on: origin.host).text)),
                    ("description", .string((incident.diagnostics?.text ?? "").cut(to: 8_000))),
                ])
            ),
            ("startsAt", .string(start.rfc3339)),
            ("endsAt", .string(end.rfc3339)),
        ])
    }

    /// When the alert expires unless it is repeated; nil if it is not sent.
    private func end(of incident: Incident, since start: Timestamp, at now: Timestamp) -> Timestamp?
    {
        if let recovery = incident.recovery {
            // Alerts of other kinds end by themselves.
            let isResolution = !recovery.isForPeople && recovery.kind != .other
            return isResolution ? max(start, incident.time) : nil
        }
        switch incident.kind {
        case .exited, .fatal, .unhealthy, .memory, .gaveUp:
            // An alert that has waited too long no longer describes the current state.
            guard incident.isActive(at: now) else { return nil }
            return Timestamp(seconds: now.seconds + lifetime, milliseconds: now.milliseconds)
        case .other: return Timestamp(seconds: start.seconds + 3_600)
        case .test: return Timestamp(seconds: start.seconds + 300)
        // The recovery is for people; Alertmanager gets a separate resolution.
        case .recovered: return nil
        }
    }

    private func labels(_ incident: Incident) -> JSONValue {
        let kind = incident.recovery?.kind ?? incident.kind
        let labels: [(String, String?)] = [
            ("alertname", Self.name(kind)), ("severity", kind.severity.rawValue),
            ("host", origin.host), ("supervisor", incident.supervisor),
            ("listener", origin.listener(of: incident)), ("group", incident.process?.group),
            ("process", incident.process?.name), ("url", incident.check?.url),
            ("check", incident.check?.name),
        ]
        return .object(
            labels.compactMap { label in
                // By Alertmanager's data model an empty label is equal to a missing one.
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
}

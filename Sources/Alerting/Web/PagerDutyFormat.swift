internal import Curl
internal import ListenerProtocol
internal import System
internal import Text

/// Events for PagerDuty (Events API v2, `POST /v2/enqueue`), one request for each.
///
/// PagerDuty keeps an incident open under its `dedup_key` until it is resolved.
struct PagerDutyFormat: WebFormat {
    /// The integration key of a service.
    let routingKey: String

    let origin: Origin

    var identifyingSecret: String? { routingKey }

    /// The maximum lengths in bytes, far below the 512 KB of a request.
    private static let (detailLimit, logLimit) = (8_000, 16_000)

    func requests(for parcel: Parcel, by base: HTTPRequest) -> [WebRequest] {
        var requests: [WebRequest] = []
        /// The place of the latest trigger of each key, which an update replaces.
        var triggers: [String: Int] = [:]
        for (place, incident) in parcel.alerts.flatMap(\.effectiveIncidents).enumerated() {
            let key = incident.key(on: origin.host)
            for (action, event) in events(incident, key: key) {
                let known = action == "trigger" ? triggers[key] : nil
                var request = WebRequest(base, body: event.bytes, reporting: place..<(place + 1))
                if let known {
                    request.replaced = requests[known].replaced + requests[known].incidents
                    requests[known] = request
                } else {
                    triggers[key] = action == "trigger" ? requests.count : nil
                    requests.append(request)
                }
            }
        }
        return requests
    }

    private func events(
        _ incident: Incident, key: String
    ) -> [(action: String, event: JSONValue)] {
        let resolve = ("resolve", event("resolve", key: key, []))
        if let recovery = incident.recovery { return recovery.isForPeople ? [] : [resolve] }
        // A recovery of which nothing else is known is for people.
        guard incident.kind != .recovered else { return [] }
        let trigger = ("trigger", event("trigger", key: key, details(incident)))
        // Nothing is wrong, so a test must not stay open.
        return incident.kind == .test ? [trigger, resolve] : [trigger]
    }

    private func event(
        _ action: String, key: String, _ details: [(name: String, value: JSONValue)]
    ) -> JSONValue {
        .object(
            [
                ("routing_key", .string(routingKey)), ("event_action", .string(action)),
                ("dedup_key", .string(key)),
            ] + details)
    }

    private func details(_ incident: Incident) -> [(name: String, value: JSONValue)] {
        let headline = Headline(of: incident, on: origin.host)
        let found = incident.diagnostics
        var members: [(name: String, value: JSONValue)] = [
            ("client", .string("superlance")),
            (
                "payload",
                .object([
                    ("summary", .string(headline.text)),
                    ("source", .string(headline.place)),
                    ("severity", .string(incident.severity.rawValue)),
                    ("timestamp", .string(incident.time.rfc3339)),
                    ("component", .optional(incident.topic)),
                    ("group", .optional(incident.process?.group)),
                    ("class", .string(incident.kind.rawValue)),
                    ("custom_details", customDetails(incident)),
                ])
            ),
        ]
        if let runbook = found?.runbook {
            let link = JSONValue.object([("href", .string(runbook)), ("text", .string("Runbook"))])
            members.append(("links", .array([link])))
        }
        return members
    }

    private func customDetails(_ incident: Incident) -> JSONValue {
        let found = incident.diagnostics
        let log = found?.shownLog?.lines.joined(separator: "\n").withVisibleControls ?? ""
        return .object([
            ("now", .optional(found?.state)),
            ("message", .string(incident.message.withVisibleControls.cut(to: Self.detailLimit))),
            ("detail", .string(incident.detail.cut(to: Self.detailLimit))),
            ("log", .string(log.end(of: Self.logLimit))),
            ("listener", .string(origin.listener(of: incident))),
        ])
    }
}

internal import ListenerProtocol
internal import System
internal import Text

/// Alerts as our own JSON, described in `docs/webhook.md`.
///
/// Fields may be added, but are never renamed or removed without changing ``version``.
struct AlertDocument: Sendable {
    /// The sender.
    let origin: Origin

    /// The version of the format.
    static let version = 1

    /// Alerts: an object for one incident, an array for several.
    func json(_ parcel: Parcel) -> JSONValue {
        let objects = objects(parcel.alerts)
        return objects.count == 1 ? objects.first ?? .null : .array(objects)
    }

    /// An object for each incident of some alerts, with the subject of its own alert.
    private func objects(_ alerts: some Sequence<Alert>) -> [JSONValue] {
        alerts.flatMap { alert in
            alert.effectiveIncidents.map { .object(members($0, of: alert)) }
        }
    }

    private func members(
        _ incident: Incident, of alert: Alert
    ) -> [(name: String, value: JSONValue)] {
        let found = incident.diagnostics
        let header = incident.header.sorted { $0.key < $1.key }
        return [
            ("version", .integer(Self.version)),
            ("id", .string(alert.identity.text)),
            ("tool", .string(origin.tool)),
            ("listener", .string(origin.listener(of: incident))),
            ("kind", .string(incident.kind.rawValue)),
            ("headline", .string(Headline(of: incident, on: origin.host).text)),
            ("severity", .string(incident.severity.rawValue)),
            ("incident_key", .string(incident.key(on: origin.host))),
            ("time", .string(incident.time.rfc3339)),
            ("host", .string(found?.host ?? origin.host)),
            ("supervisor", .optional(incident.supervisor)),
            ("process", process(incident)),
            ("state", .optional(found?.state)),
            ("subject", .optional(alert.subject)),
            ("message", .string(incident.message.withVisibleControls)),
            ("detail", .string(incident.detail)),
            ("log_file", .optional((found?.shownLog ?? found?.logs.first)?.path)),
            ("log_tail", .string(Self.tail(found?.shownLog))),
            ("logs", .array(found?.logs.map(Self.log) ?? [])),
            ("log_command", .optional(found?.logCommand)),
            ("runbook", .optional(found?.runbook)),
            ("event", .object(header.map { ($0.key, .string($0.value)) })),
        ] + Self.flags.map { ($0.name, .bool($0.kind == incident.kind)) }
    }

    /// Template sections for the kinds.
    private static let flags: [(name: String, kind: Incident.Kind)] = [
        ("is_exited", .exited), ("is_fatal", .fatal), ("is_unhealthy", .unhealthy),
        ("is_memory", .memory), ("is_recovered", .recovered), ("is_test", .test),
    ]

    private static func log(_ log: LogExcerpt) -> JSONValue {
        .object([
            ("file", .string(log.path)), ("tail", .string(tail(log))),
            ("note", .optional(log.note ?? log.refusal)),
        ])
    }

    private static func tail(_ log: LogExcerpt?) -> String {
        log?.lines.joined(separator: "\n").withVisibleControls ?? ""
    }

    private func process(_ incident: Incident) -> JSONValue {
        guard let process = incident.process else { return .null }
        let found = incident.diagnostics
        return .object([
            ("name", .string(process.name)),
            ("group", .string(process.group)),
            ("pid", .optional(incident.pid)),
            ("from_state", .optional(incident.fromState)),
            ("exit_status", .optional(found?.exitStatus)),
            ("signal", .optional(found?.signal)),
            ("spawn_error", .optional(found?.spawnError)),
            ("uptime", .optional(found?.uptime)),
        ])
    }

    // MARK: Templates

    /// The maximum size of `text` in bytes.
    static let textLimit = 3_900

    /// The maximum size of `short` in bytes.
    static let shortLimit = 1_900

    /// The most bytes of `title`: Opsgenie allows 130 characters, which is the least.
    static let titleLimit = 130

    /// The most bytes of `log_end`: Discord allows 1,024 characters, including the code block.
    static let logLimit = 1_000

    /// Headline and text of an alert, as long as they are.
    func text(_ alert: Alert) -> String { "\(headline(alert))\n\n\(alert.body)" }

    private func headline(_ alert: Alert) -> String { Headline(of: alert, on: origin.host).text }

    private func subject(_ alert: Alert) -> String {
        alert.subject ?? "\(origin.tool) on \(origin.host)"
    }

    /// An incident in one line of a list.
    func line(_ incident: Incident) -> String {
        let words = IncidentList.words(incident, on: origin.host).cut(to: 600)
        return "\(incident.time.formatted("%H:%M:%S")) \(words)"
    }

    /// The values for a template: the first incident's fields, all incidents as `alerts`, and texts
    /// that fit into a message of most services; and as `html` the same without tags.
    ///
    /// - Parameters:
    ///   - alert: The alert, or a digest.
    ///   - alerts: The alerts of the digest.
    /// - Returns: The values.
    func values(_ alert: Alert, of alerts: some Sequence<Alert>) -> JSONValue {
        let incidents = alert.effectiveIncidents
        let first = incidents.first.map { members($0, of: alert) } ?? []
        let text = text(alert)
        let severity = alert.severity
        let values =
            first.filter { $0.name != "subject" } + [
                ("subject", .string(subject(alert).cut(to: 200))),
                ("title", .string(headline(alert).cut(to: Self.titleLimit))),
                (
                    "occurred_at",
                    .optional(incidents.count == 1 ? Self.occurrence(incidents[0]) : nil)
                ),
                ("log_end", .string(Self.logEnd(incidents))),
                ("overview", .string(overview(incidents))),
                ("is_critical", .bool(severity == .critical)),
                ("is_warning", .bool(severity == .warning)),
                ("is_info", .bool(severity == .info)),
                ("count", .integer(incidents.count)),
                ("text", .string(text.cut(to: Self.textLimit))),
                ("short", .string(text.cut(to: Self.shortLimit))),
            ]
        return .object(
            values + [
                ("html", JSONValue.object(values).withoutTags),
                ("alerts", .array(objects(alerts))),
            ])
    }

    /// The values for a single alert.
    func values(_ alert: Alert) -> JSONValue { values(alert, of: CollectionOfOne(alert)) }

    /// When it occurred, if it was received or delivered late.
    private static func occurrence(_ incident: Incident) -> String? {
        incident.diagnostics?.occurredAt?.formatted("%Y-%m-%d %H:%M:%S")
    }

    /// The end of the first incident's log, without the marks of code blocks.
    private static func logEnd(_ incidents: [Incident]) -> String {
        let lines = incidents.first?.diagnostics?.shownLog?.lines ?? []
        return lines.joined(separator: "\n").withVisibleControls.withoutCodeMarks.end(of: logLimit)
    }

    /// A line for each of several incidents, without the marks of code blocks.
    private func overview(_ incidents: [Incident]) -> String {
        guard incidents.count > 1 else { return "" }
        return incidents.map(line).joined(separator: "\n").withoutCodeMarks
            .cut(to: Self.textLimit)
    }
}

extension String {
    /// The text with other marks in place of backticks.
    fileprivate var withoutCodeMarks: String {
        String(String.UnicodeScalarView(unicodeScalars.map { $0 == "`" ? "'" : $0 }))
    }
}

extension JSONValue {
    /// The value for services that read HTML tags: its texts are escaped.
    fileprivate var withoutTags: JSONValue {
        switch self {
        case .string(let text): .string(HTMLPage.escaped(text))
        case .array(let values): .array(values.map(\.withoutTags))
        case .object(let members): .object(members.map { ($0.name, $0.value.withoutTags) })
        default: self
        }
    }
}

extension Incident {
    /// The identifier of the supervisord, from the event or the diagnostics.
    var supervisor: String? { header["server"] ?? diagnostics?.supervisor }

    /// The diagnostics, without the log.
    var detail: String { diagnostics?.withoutLogs.text ?? "" }
}

extension Alert.Identity {
    /// Identifies an alert, so that receivers can detect duplicates.
    var text: String { "\(seconds).\(String(number, radix: 16))" }
}

internal import Curl
internal import System
internal import Text

/// The message format of Slack's incoming webhooks (Slack manual, "Sending messages using incoming
/// webhooks").
///
/// A message has a header, and an attachment for the colour with everything else. The same as plain
/// text is in `text`, which Slack shows in notifications and reads to people who do not see, and
/// which is all that other services with Slack's webhooks may show.
struct SlackFormat: WebFormat {
    /// The channel; nil for the webhook's own.
    let channel: String?
    let origin: Origin

    /// Slack recommends at most 4,000 characters for `text`; as an escape has up to five, this
    /// counts the escaped text.
    private static let limit = 4_000

    /// The minimum room for the log.
    private static let tailLimit = 1_500

    /// The maximum size of a list of incidents, which is a section.
    private static let listLimit = 2_900

    func requests(for parcel: Parcel, by base: HTTPRequest) -> [WebRequest] {
        let parcel = parcel.datedIfLate
        if parcel.alerts.count == 1, parcel.alerts[0].effectiveIncidents.count == 1,
            let incident = parcel.alerts[0].effectiveIncidents.first
        {
            return [WebRequest(base, body: body(incident), reporting: 0..<1)]
        }
        let digest = parcel.digest
        let headline = Headline(of: digest, on: origin.host).text
        let severity = digest.severity
        return IncidentList.all(of: parcel, upTo: Self.listLimit, line: line).map { incidents in
            let list = incidents.lines.joined(separator: "\n")
            let text = "\(Self.heading(headline))\n\(list)"
            let body = body(
                text, headline, severity, [SlackBlocks.section(list)])
            return WebRequest(base, body: body, reporting: incidents.places)
        }
    }

    private func body(
        _ text: String, _ headline: String, _ severity: Incident.Severity, _ blocks: [JSONValue]
    ) -> [UInt8] {
        var members: [(name: String, value: JSONValue)] = [
            ("text", .string(text)), ("blocks", .array([SlackBlocks.header(headline)])),
            (
                "attachments",
                .array([
                    .object([
                        ("color", .string(severity.color)), ("blocks", .array(blocks)),
                    ])
                ])
            ),
        ]
        if let channel { members.append(("channel", .string(channel))) }
        return JSONValue.object(members).bytes
    }

    private static func heading(_ headline: String) -> String {
        "*\(SlackText.escaped(headline, to: 500, besides: "*"))*"
    }

    // MARK: One incident

    private func body(_ incident: Incident) -> [UInt8] {
        let headline = Headline(of: incident, on: origin.host).text
        var blocks = SlackBlocks(incident: incident).all
        if headline.utf8.count > SlackBlocks.headerLimit {
            blocks.insert(SlackBlocks.section(Self.heading(headline)), at: 0)
        }
        return body(plain(incident, headline), headline, incident.severity, blocks)
    }

    /// One incident with all that is known of it, as plain text.
    private func plain(_ incident: Incident, _ headline: String) -> String {
        let heading = Self.heading(headline)
        let room = Self.limit - heading.utf8.count - Self.tailLimit
        let facts = incident.diagnostics?.withoutLogs.textWithoutState ?? ""
        let words = [incident.messageWithState, facts]
            .filter { !$0.isEmpty }.joined(separator: "\n")
        let log = SlackText.code(
            incident.diagnostics?.shownLog?.lines ?? [], to: Self.tailLimit - 10)
        return [heading, SlackText.escaped(words, to: room), log].compactMap { $0 }
            .joined(separator: "\n")
    }

    // MARK: Several

    private func line(_ incident: Incident) -> String {
        let text = SlackText.escaped(IncidentList.words(incident, on: origin.host), to: 600)
        return "• \(incident.time.formatted("%H:%M:%S")) \(text)"
    }
}

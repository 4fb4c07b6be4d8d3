internal import Curl
internal import Text

/// The message format of Slack's incoming webhooks (Slack manual, "Sending messages using incoming
/// webhooks").
struct SlackFormat: WebFormat {
    /// The channel; nil for the webhook's own.
    let channel: String?
    let origin: Origin

    /// Slack recommends at most 4,000 characters and truncates after 40,000; as an escape has up to
    /// five, this counts the escaped text.
    private static let limit = 4_000

    /// The minimum room for the log.
    private static let tailLimit = 1_500

    func requests(for parcel: Parcel, by base: HTTPRequest) -> [WebRequest] {
        if parcel.alerts.count == 1, parcel.alerts[0].effectiveIncidents.count == 1 {
            return [WebRequest(base, body: body(single(parcel.alerts[0])), telling: 0..<1)]
        }
        let heading = heading(parcel.digest)
        return lists(of: parcel, room: Self.limit - 400).map { lines, alerts in
            let text = ([heading] + lines).joined(separator: "\n")
            return WebRequest(base, body: body(text), telling: alerts)
        }
    }

    private func body(_ text: String) -> [UInt8] {
        var members: [(name: String, value: JSONValue)] = [("text", .string(text))]
        if let channel { members.append(("channel", .string(channel))) }
        return JSONValue.object(members).bytes
    }

    private func heading(_ alert: Alert) -> String {
        let title = alert.subject ?? "\(origin.tool) on \(origin.host)"
        return "*\(Self.escaped(title, to: 300, besides: "*"))*"
    }

    /// One incident with all its details.
    private func single(_ alert: Alert) -> String {
        let heading = heading(alert)
        guard let incident = alert.effectiveIncidents.first else { return heading }
        let tail = (incident.diagnostics?.shownLog?.lines ?? []).map(\.withVisibleControls)
        let room = Self.limit - heading.utf8.count - Self.tailLimit
        let words = [incident.message, incident.detail].filter { !$0.isEmpty }
            .joined(separator: "\n")
        let parts = [heading, Self.escaped(words, to: room)]
        return (tail.isEmpty ? parts : parts + ["```\(Self.end(of: tail))```"])
            .joined(separator: "\n")
    }

    /// Messages with one line for each incident, as many as fit, and the indices of their alerts.
    private func lists(
        of parcel: Parcel, room: Int
    ) -> [(lines: [String], alerts: Range<Int>)] {
        var lists: [(lines: [String], alerts: Range<Int>)] = []
        var left = 0
        for (place, alert) in parcel.alerts.enumerated() {
            for incident in alert.effectiveIncidents {
                let line = "• \(Self.escaped(incident.message, to: 500))"
                left -= line.utf8.count + 1
                if left < 0 {
                    lists.append(([], place..<place))
                    left = room - line.utf8.count - 1
                }
                let last = lists.count - 1
                lists[last].lines.append(line)
                lists[last].alerts = lists[last].alerts.lowerBound..<(place + 1)
            }
        }
        return lists
    }

    /// As many of the last lines as fit into a code block.
    private static func end(of lines: [String]) -> String {
        var kept: [String] = []
        var left = tailLimit - 20
        for line in lines.reversed() {
            let text = escaped(line, to: 300, besides: "`")
            left -= text.utf8.count + 1
            guard left >= 0 else { break }
            kept.append(text)
        }
        return kept.reversed().joined(separator: "\n")
    }

    /// Escapes the three characters that are special to Slack.
    ///
    /// The text is truncated first, so that no escape is cut.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - limit: The maximum size of the result in bytes.
    ///   - mark: A character that would end the surrounding markup, and is removed.
    /// - Returns: The escaped text.
    private static func escaped(
        _ text: String, to limit: Int, besides mark: Unicode.Scalar? = nil
    ) -> String {
        var result = ""
        // Scalars, since a combining character would hide a bracket from Swift, but not from Slack.
        for scalar in text.unicodeScalars where scalar != mark {
            let next =
                switch scalar {
                case "&": "&amp;"
                case "<": "&lt;"
                case ">": "&gt;"
                default: String(scalar)
                }
            guard result.utf8.count + next.utf8.count <= limit - 3 else { return "\(result)…" }
            result += next
        }
        return result
    }
}

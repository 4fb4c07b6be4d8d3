// The message of Slack's incoming webhooks.

internal import Text

/// The message of Slack's incoming webhooks (Slack's manual, "Sending messages using incoming
/// webhooks").
struct SlackFormat: WebFormat {
    /// The channel; nothing for the webhook's own.
    let channel: String?
    let origin: Origin

    /// Slack's manual asks for no more than 4,000 characters and cuts after 40,000; as an escape
    /// has up to five, this counts the text as it is sent.
    private static let limit = 4_000

    /// The least that is left to the end of a log.
    private static let tailLimit = 1_500

    func body(of alert: Alert) -> [UInt8]? {
        var members: [(name: String, value: JSONValue)] = [("text", .string(text(alert)))]
        if let channel { members.append(("channel", .string(channel))) }
        return JSONValue.object(members).bytes
    }

    private func text(_ alert: Alert) -> String {
        let title = alert.subject ?? "\(origin.tool) on \(origin.host)"
        let incidents = alert.effectiveIncidents
        let heading = "*\(Self.escaped(title, to: 300, besides: "*"))*"
        guard incidents.count == 1, let incident = incidents.first else {
            return ([heading] + Self.list(incidents, room: Self.limit - 400))
                .joined(separator: "\n")
        }
        let tail = (incident.diagnostics?.logTail ?? []).map(\.withVisibleControls)
        let room = Self.limit - heading.utf8.count - Self.tailLimit
        let words = [incident.message, incident.detail].filter { !$0.isEmpty }
            .joined(separator: "\n")
        let parts = [heading, Self.escaped(words, to: room)]
        return (tail.isEmpty ? parts : parts + ["```\(Self.end(of: tail))```"])
            .joined(separator: "\n")
    }

    /// As many incidents as fit, a line for each.
    private static func list(_ incidents: [Incident], room: Int) -> [String] {
        var lines: [String] = []
        var left = room
        for incident in incidents {
            let line = "• \(escaped(incident.message, to: 500))"
            left -= line.utf8.count + 1
            guard left >= 0 else { return lines + ["and \(incidents.count - lines.count) more"] }
            lines.append(line)
        }
        return lines
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

    /// A text with the three characters escaped that mean something to Slack; it is cut before, so
    /// that no escape is torn.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - limit: The most bytes of the result.
    ///   - mark: A character that would end what the text stands in.
    /// - Returns: The text as Slack takes it.
    private static func escaped(
        _ text: String, to limit: Int, besides mark: Unicode.Scalar? = nil
    ) -> String {
        var result = ""
        // Scalars, since an accent behind a bracket makes another character of it, but not to Slack.
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

internal import Text

/// How much of an alert's text is sent, for servers with a size limit.
enum Brevity: Int, Hashable {
    /// The full text.
    case full
    /// Everything except the ends of logs and other diagnostics.
    case withoutLogs
    /// The subject, and the first line of each incident.
    case headlines

    /// The next shorter one.
    var shorter: Brevity? { Brevity(rawValue: rawValue + 1) }

    /// The alert with this part of its text, with the same identity.
    func applied(to alert: Alert) -> Alert {
        switch self {
        case .full: alert
        case .withoutLogs: Self.withoutLogs(alert)
        case .headlines: Self.headlines(alert)
        }
    }

    private static func withoutLogs(_ alert: Alert) -> Alert {
        var body = alert.body
        var incidents: [Incident] = []
        for incident in alert.incidents {
            let found = incident.diagnostics
            for part in (found?.sections ?? []) + (found?.logs.map(\.text) ?? []) {
                body = body.removing(paragraph: part.withVisibleControls)
            }
            var brief = incident
            brief.diagnostics?.logs = []
            brief.diagnostics?.sections = []
            incidents.append(brief)
        }
        return alert.with("\(body)\n\n(\(notice): the ends of logs)", of: incidents)
    }

    private static func headlines(_ alert: Alert) -> Alert {
        let incidents = alert.effectiveIncidents.prefix(mostHeadlines).map { incident in
            var headline = Incident(
                incident.kind, at: incident.time, to: incident.process, pid: incident.pid,
                fromState: incident.fromState,
                message: headline(incident.message), header: incident.header)
            headline.recovery = incident.recovery
            headline.check = incident.check
            headline.notice = incident.notice
            headline.predicate = incident.predicate
            headline.reason = incident.headlineReason
            headline.diagnostics = incident.diagnostics.map(Self.essentials)
            return headline
        }
        let more = alert.effectiveIncidents.count - incidents.count
        let lines = incidents.map(\.message) + (more > 0 ? ["and \(more) more"] : [])
        return Alert(
            subject: alert.subject.map(headline),
            body: "\(lines.joined(separator: "\n"))\n\n(\(notice): everything else)",
            time: alert.time, date: alert.date, incidents: incidents, identity: alert.identity,
            predecessor: alert.predecessor)
    }

    private static func essentials(_ found: Diagnostics) -> Diagnostics {
        var essentials = Diagnostics(host: found.host)
        essentials.state = found.state
        essentials.crashes = found.crashes
        return essentials
    }

    /// The first line of a text, up to 200 bytes.
    private static func headline(_ text: String) -> String {
        String(text.firstLine).cut(to: 200)
    }

    private static let mostHeadlines = 100

    private static let notice = "omitted, since the whole alert is too large to be delivered"
}

extension String {
    /// The text without a paragraph, as it is in the text of a single incident, or indented as in
    /// the text of several.
    fileprivate func removing(paragraph: String) -> String {
        for form in [paragraph.indented, paragraph] {
            guard let place = self[...].firstRange(ofText: "\n\n\(form)") else { continue }
            return "\(self[..<place.lowerBound])\(self[place.upperBound...])"
        }
        return self
    }
}

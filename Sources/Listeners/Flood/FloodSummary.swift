internal import Alerting
internal import System
internal import Text

/// The alert about incidents that were counted.
struct FloodSummary {
    /// The incidents by process or URL and kind, in order of time; at least one.
    let incidents: [RepeatedIncident]

    /// The first mail about all of them; nil if there is none, or more than one: then the summary
    /// has a subject of its own, which names them.
    private var start: ThreadStart? {
        guard let start = incidents.first?.start,
            incidents.allSatisfy({ $0.start?.identity == start.identity })
        else { return nil }
        return start
    }

    private var count: Int { incidents.reduce(0) { $0.addingSaturated($1.count) } }

    private var first: Timestamp { incidents.map(\.first).min() ?? .now }

    private var last: Timestamp { incidents.map(\.latest.time).max() ?? .now }

    /// The alert, with one incident for each process or URL and kind.
    ///
    /// - Parameter title: Adds the listener's prefix to a subject.
    /// - Returns: The alert.
    func alert(title: (String) -> String) -> Alert {
        let counted = incidents.map { repeated in
            var incident = repeated.latest
            incident.message = Self.message(repeated, isAlone: incidents.count == 1)
            // The headline has the count; that of a crash also has the ones that were sent.
            if repeated.count > 1, incident.diagnostics?.crashes == nil {
                incident.diagnostics = incident.diagnostics ?? Diagnostics()
                incident.diagnostics?.crashes = CrashCount(
                    repeated.count, within: max(1, repeated.seconds))
            }
            return incident
        }
        return Alert(
            subject: start?.reply ?? title(subject), body: body(counted), time: last, date: .now,
            incidents: counted, predecessor: start?.identity)
    }

    /// The text message.
    func textMessage(host: String) -> Alert {
        let messages = incidents.map { "[\(AlertTopic($0.latest))] \($0.span)" }
        var counted = incidents.map(\.latest)
        for index in counted.indices { counted[index].message = messages[index] }
        return Alert(
            subject: nil, body: TextMessage.of(messages, host: host), time: last, date: .now,
            incidents: counted)
    }

    private var subject: String {
        guard incidents.count == 1, let only = incidents.first else {
            let names = incidents.map { "\(AlertTopic($0.latest))" }.withoutRepetitions()
                .abbreviated(to: 3)
            return "\(count) more alerts since \(first.asctime): \(names)"
        }
        return "\(only.latest.summary), \(only.span)"
    }

    private func body(_ counted: [Incident]) -> String {
        if counted.count == 1 { return counted[0].text }
        let lead = "\(count) alerts from \(first.asctime) to \(last.asctime) were counted:"
        let state = JointState.line(counted).map { "\n\($0)" } ?? ""
        let blocks = incidents.prefix(BatchBody.most).compactMap { BatchBody.block($0) }
        return (["\(lead)\(state)", BatchBody.lines(counted.map(\.message))] + blocks)
            .joined(separator: "\n\n")
    }

    /// What happened, how often and when.
    ///
    /// - Parameters:
    ///   - repeated: The incidents.
    ///   - isAlone: Whether each time is listed, too.
    /// - Returns: The text.
    private static func message(_ repeated: RepeatedIncident, isAlone: Bool) -> String {
        let line = "\(repeated.latest.summary), \(repeated.span)"
        guard isAlone, repeated.count > 1 else { return line }
        let left = repeated.count - repeated.occurrences.count
        let times = repeated.occurrences.map { occurrence in
            occurrence.time.asctime + (occurrence.pid.map { " (pid \($0))" } ?? "")
        }
        let omitted = left > 0 ? ["\(left) earlier ones are omitted"] : []
        return (["\(line):"] + omitted + times).joined(separator: "\n")
    }
}

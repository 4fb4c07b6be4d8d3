internal import System

/// Combines alerts that could not be delivered one by one.
enum Digest {
    /// The maximum number of alerts in a digest, to stay below size limits of mail servers.
    static let capacity = 500

    /// The approximate size of each alert in a digest in addition to its own text, in bytes.
    static let overhead = 256

    /// Combines alerts; each is included with its subject, text and time.
    ///
    /// - Parameters:
    ///   - alerts: The alerts in order of age, at least one.
    ///   - tool: The sender.
    ///   - date: When they were first sent together.
    /// - Returns: The digest; the alert itself if there is only one.
    static func of(_ alerts: [Alert], from tool: String, at date: Timestamp = .now) -> Alert {
        guard let first = alerts.first, let last = alerts.last, alerts.count > 1 else {
            return alerts.first ?? Alert(subject: nil, body: "", time: .now)
        }
        let incidents = alerts.flatMap(\.effectiveIncidents)
        // A text message has no subject, and its size is limited.
        guard alerts.contains(where: { $0.subject != nil }) else {
            let messages = alerts.flatMap { alert in
                alert.incidents.isEmpty ? [alert.body] : alert.incidents.map(\.message)
            }
            return Alert(
                subject: nil, body: TextMessage.of(messages, host: HostName.current),
                time: first.time, date: date, incidents: incidents,
                identity: identity(of: alerts.map(\.identity)),
                predecessor: nil)
        }
        let introduction = """
            \(alerts.count) alerts from \(first.time.asctime) to \(last.time.asctime) \
            that could not be delivered one by one:
            """
        let overview = alerts.map(\.overview).joined(separator: "\n")
        let entries = alerts.enumerated().map { index, alert in
            "\(index + 1). \(alert.subject ?? tool)\n\(alert.time.asctime)\n\n\(alert.body)"
        }
        return Alert(
            subject: subject(alerts.count, since: first.time, from: tool),
            body: ([introduction, overview] + entries).joined(separator: "\n\n"), time: first.time,
            date: date, incidents: incidents, identity: identity(of: alerts.map(\.identity)),
            predecessor: nil)
    }

    /// The digest of some alerts as the first mail of a thread.
    ///
    /// - Parameters:
    ///   - entries: The alerts in order of age.
    ///   - tool: The sender.
    /// - Returns: Its identity and subject.
    static func start(of entries: [QueuedAlert], from tool: String) -> ThreadStart {
        let hasSubject = entries.contains(where: \.hasSubject)
        let time = entries.first?.time ?? .now
        return ThreadStart(
            identity(of: entries.map(\.identity)),
            subject: hasSubject ? subject(entries.count, since: time, from: tool) : nil)
    }

    private static func subject(_ count: Int, since time: Timestamp, from tool: String) -> String {
        "\(tool): \(count) alerts since \(time.asctime)"
    }

    /// Identifies a digest of the same alerts if it is sent twice.
    private static func identity(of alerts: [Alert.Identity]) -> Alert.Identity {
        Alert.Identity(
            seconds: alerts.first?.seconds ?? 0,
            number: alerts.reduce(0) { ($0 &+ $1.number) &* 0x100_0000_01B3 })
    }
}

extension Alert {
    /// The alert as one line of a digest: time, host and headline.
    fileprivate var overview: String {
        let headline = Headline(of: self)
        return "\(time.asctime) \(headline.place) \(headline.textWithoutPlace)"
    }
}

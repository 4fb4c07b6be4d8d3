public import System

/// The alerts of one attempt.
public struct Parcel {
    /// The alerts in order of age, at least one.
    public let alerts: [Alert]

    /// When this attempt is made.
    let sent: Timestamp

    private let tool: String

    private let date: Timestamp

    private let subject: ((Alert) -> String)?

    /// Combines alerts.
    ///
    /// - Parameters:
    ///   - alerts: The alerts in order of age.
    ///   - tool: The tool that sends them.
    ///   - date: When they were first sent together.
    ///   - sent: When this attempt is made.
    ///   - subject: Makes the subject of a digest; nil for the usual one.
    public init(
        _ alerts: [Alert], from tool: String, at date: Timestamp = .now, sent: Timestamp = .now,
        subject: ((Alert) -> String)? = nil
    ) {
        self.sent = sent
        self.alerts = alerts
        self.tool = tool
        self.date = date
        self.subject = subject
    }

    /// All alerts as one alert.
    public var digest: Alert { digest(of: alerts.indices) }

    /// The indices of each alert's incidents among all incidents of the parcel.
    var incidentPlaces: [Range<Int>] {
        var end = 0
        return alerts.map { alert in
            let begin = end
            end += max(1, alert.incidents.count)
            return begin..<end
        }
    }

    /// The indices of all incidents of the parcel.
    var incidentIndices: Range<Int> { 0..<(incidentPlaces.last?.upperBound ?? 0) }

    /// The same parcel with other alerts.
    func with(_ alerts: [Alert]) -> Parcel {
        Parcel(alerts, from: tool, at: date, sent: sent, subject: subject)
    }

    /// Some of the alerts as one alert.
    ///
    /// - Parameter indices: Their indices.
    /// - Returns: The digest.
    func digest(of indices: Range<Int>) -> Alert {
        let digest = Digest.of(Array(alerts[indices]), from: tool, at: date)
        guard indices.count > 1, digest.subject != nil, let subject else { return digest }
        return digest.titled(subject(digest))
    }
}

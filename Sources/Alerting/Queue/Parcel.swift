public import System

/// The alerts of one attempt.
public struct Parcel {
    /// The alerts in order of age, at least one.
    public let alerts: [Alert]

    private let tool: String

    private let date: Timestamp

    /// Combines alerts.
    ///
    /// - Parameters:
    ///   - alerts: The alerts in order of age.
    ///   - tool: The tool that sends them.
    ///   - date: When they were first sent together.
    public init(_ alerts: [Alert], from tool: String, at date: Timestamp = .now) {
        self.alerts = alerts
        self.tool = tool
        self.date = date
    }

    /// All alerts as one alert.
    public var digest: Alert { Digest.of(alerts, from: tool, at: date) }

    /// The same parcel with other alerts.
    func with(_ alerts: [Alert]) -> Parcel { Parcel(alerts, from: tool, at: date) }

    /// Some of the alerts as one alert.
    ///
    /// - Parameter indices: Their indices.
    /// - Returns: The digest.
    func digest(of indices: Range<Int>) -> Alert {
        Digest.of(Array(alerts[indices]), from: tool, at: date)
    }
}

public import System

/// What goes out in one attempt: one alert, or several together.
public struct Parcel {
    /// The alerts in order of age, at least one.
    public let alerts: [Alert]

    private let tool: String

    private let date: Timestamp

    /// Puts alerts together.
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

    /// All of them as one alert.
    public var digest: Alert { Digest.of(alerts, from: tool, at: date) }

    /// Some of them as one alert.
    ///
    /// - Parameter indices: Their places among the alerts.
    /// - Returns: The digest.
    func digest(of indices: Range<Int>) -> Alert {
        Digest.of(Array(alerts[indices]), from: tool, at: date)
    }
}

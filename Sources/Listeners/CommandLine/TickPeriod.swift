/// The tick event that a listener uses to measure time, such as `TICK_60`.
///
/// Source: Supervisor manual, event types: `TICK_5`, `TICK_60` and `TICK_3600`.
public struct TickPeriod: Sendable, Hashable {
    /// The period in seconds, at least 1.
    public let seconds: Int

    /// The name of the event.
    public var eventName: String { "TICK_\(seconds)" }

    /// Parses the name of a tick event.
    ///
    /// - Parameter eventName: One of the three names. Returns nil for any other, because
    ///   supervisord does not send it.
    public init?(eventName: some StringProtocol) {
        guard let seconds = [5, 60, 3_600].first(where: { eventName == "TICK_\($0)" }) else {
            return nil
        }
        self.seconds = seconds
    }
}

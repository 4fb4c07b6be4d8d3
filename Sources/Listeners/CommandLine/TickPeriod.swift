// The tick event a listener counts time by.

/// The tick event a listener counts time by, such as `TICK_60`.
///
/// Supervisor manual, event types: `TICK_5`, `TICK_60` and `TICK_3600`.
public struct TickPeriod: Sendable, Hashable {
    /// The seconds between two of the events, at least 1.
    public let seconds: Int

    /// The name of the event.
    public var eventName: String { "TICK_\(seconds)" }

    /// Reads the name of a tick event.
    ///
    /// - Parameter eventName: One of the three; nil comes of anything else, since no other ever
    ///   comes.
    public init?(eventName: some StringProtocol) {
        guard let seconds = [5, 60, 3_600].first(where: { eventName == "TICK_\($0)" }) else {
            return nil
        }
        self.seconds = seconds
    }
}

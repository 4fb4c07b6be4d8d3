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
    /// - Parameter eventName: `TICK_` and a positive whole number; nil comes of anything else.
    public init?(eventName: some StringProtocol) {
        let digits = eventName.dropFirst("TICK_".count)
        guard eventName.hasPrefix("TICK_"), let first = digits.utf8.first,
            first != UInt8(ascii: "0"),
            digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let seconds = Int(digits)
        else { return nil }
        self.seconds = seconds
    }
}

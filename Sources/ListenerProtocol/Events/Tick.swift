// The passing of time, as supervisord tells it.

/// Some time has passed.
///
/// Source: Supervisor manual, "TICK Event Type".
public struct Tick: Hashable, Sendable {
    /// How many seconds lie between two ticks of this kind: the number in `TICK_5`, `TICK_60` or
    /// `TICK_3600`.
    public let period: Int

    /// When it was sent, in seconds since 1970 on supervisord's wall clock.
    public let when: Int?

    /// Reads a `TICK` event.
    ///
    /// - Parameter event: The event.
    /// - Throws: ``PayloadError`` when the name carries no number of seconds.
    init(_ event: Event) throws(PayloadError) {
        // Bytes, since a sign is no digit and no character may hide in the one before it.
        let digits = event.name.rawValue.utf8.dropFirst("TICK_".utf8.count)
        guard digits.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains),
            let period = Int(String(Substring(digits))), period > 0
        else { throw PayloadError(event.name, lacks: "a number of seconds in its name") }
        self.period = period
        when = event.tokensAndData.0.number("when")
    }
}

internal import Text

/// A periodic event.
///
/// Source: Supervisor manual, "TICK Event Type".
public struct Tick: Hashable, Sendable {
    /// The period in seconds: the number in `TICK_5`, `TICK_60` or `TICK_3600`.
    public let period: Int

    /// When it was sent, in seconds since 1970 by supervisord's wall clock.
    public let timestamp: Int?

    /// Parses a `TICK` event.
    ///
    /// - Parameter event: The event.
    /// - Throws: ``PayloadError`` when the name does not end with a number of seconds.
    init(_ event: Event) throws(PayloadError) {
        // Parses bytes: the integer parser would accept a sign, and a combining character could
        // hide a digit.
        let digits = event.name.rawValue.utf8.dropFirst("TICK_".utf8.count)
        guard digits.allSatisfy(\.isASCIIDigit),
            let period = Int(String(Substring(digits))), period > 0
        else { throw PayloadError(event.name, lacks: "a number of seconds in its name") }
        self.period = period
        timestamp = event.tokensAndData.0.number("when")
    }
}

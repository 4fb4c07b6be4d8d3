// Parses tick events.

extension OptionValue {
    /// Parses the name of a tick event, such as `TICK_60`.
    ///
    /// - Returns: The event.
    /// - Throws: `UsageError` for anything else.
    public func tickPeriod() throws(UsageError) -> TickPeriod {
        guard let period = TickPeriod(eventName: trimmed) else {
            throw error(requiring: "TICK_5, TICK_60 or TICK_3600")
        }
        return period
    }
}

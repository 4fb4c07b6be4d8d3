internal import Alerting

/// A maximum number of alerts in a period, `N/TIME`.
struct AlertRate: Hashable, Sendable {
    /// The number of alerts.
    let count: Int
    /// The period in seconds.
    let seconds: Int

    /// The period.
    var period: Duration { .seconds(seconds) }
}

extension AlertRate: CustomStringConvertible {
    /// The rate in words, such as `5 alerts in 10 min`.
    var description: String {
        "\(count) \(count == 1 ? "alert" : "alerts") in \(Diagnostics.duration(seconds))"
    }

    /// The rate for a listener as a whole.
    var forListener: AlertRate { AlertRate(count: count * 10, seconds: seconds) }
}

extension AlertRate {
    /// Parses `N/TIME`.
    ///
    /// - Returns: The rate; nil for `0`, which is no limit.
    /// - Throws: `UsageError` that identifies the invalid part.
    static func parse(_ value: OptionValue) throws(UsageError) -> AlertRate? {
        var reader = SpecificationReader(value)
        let expected = "N/TIME, such as 5/10m, or 0 for no limit,"
        let count = try reader.number(in: 0...1_000, requiring: expected)
        guard count > 0 || !reader.isAtEnd else { return nil }
        guard reader.skip("/") else { throw reader.error(requiring: expected, at: reader.position) }
        let period = try reader.seconds(atLeast: 1)
        try reader.end(requiring: expected)
        return count == 0 ? nil : AlertRate(count: count, seconds: period)
    }
}

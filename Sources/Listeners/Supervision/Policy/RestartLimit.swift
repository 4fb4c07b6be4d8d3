/// The maximum number of restarts of a process in a period.
struct RestartLimit: Hashable, Sendable {
    /// The number of restarts.
    let count: Int
    /// The period in seconds.
    let period: Int
}

extension RestartLimit {
    /// Parses `N` or `N/TIME`; the default period is an hour.
    ///
    /// - Throws: `UsageError` that identifies the invalid part.
    init(_ value: OptionValue) throws(UsageError) {
        var reader = SpecificationReader(value)
        let expected = "N or N/TIME, such as 3/1h,"
        count = try reader.number(
            in: 1...1_000,
            requiring: "a number of restarts from 1 to 1000 (for none use --action alert)")
        guard reader.skip("/") else {
            period = 3_600
            try reader.end(requiring: expected)
            return
        }
        period = try reader.seconds(atLeast: 1)
        try reader.end(requiring: expected)
    }
}

// How many restarts are allowed in any span of time.

/// How many restarts of a process are allowed in any span of time.
struct RestartLimit: Hashable, Sendable {
    /// How many.
    let count: Int
    /// In how many seconds.
    let period: Int
}

extension RestartLimit {
    /// Reads `N` or `N/TIME`; an hour where there is no time.
    ///
    /// - Throws: `UsageError` that names the place of the mistake.
    init(_ value: OptionValue) throws(UsageError) {
        var reader = SpecificationReader(value)
        let wanted = "N or N/TIME, such as 3/1h,"
        count = try reader.number(
            in: 1...1_000,
            wanting: "a number of restarts from 1 to 1000 (for none use --action alert)")
        guard reader.skip("/") else {
            period = 3_600
            try reader.end(wanting: wanted)
            return
        }
        period = try reader.seconds(atLeast: 1)
        try reader.end(wanting: wanted)
    }
}

// How many checks must fail before something is done.

/// How many checks must fail before something is done: N in a row, or N among the last M.
struct FailureThreshold: Hashable, Sendable {
    /// How many failures it takes.
    let failures: Int
    /// Among how many checks, the last one included.
    let checks: Int

    /// One failure is enough, as in superlance.
    static let one = FailureThreshold(failures: 1, checks: 1)

    /// The most checks that are remembered.
    static let most = 64
}

extension FailureThreshold {
    /// Reads `N` or `N/M`.
    ///
    /// - Throws: `UsageError` that names the place of the mistake.
    init(_ value: OptionValue) throws(UsageError) {
        var reader = SpecificationReader(value)
        let wanted = "N or N/M with numbers from 1 to \(Self.most), such as 3 or 3/5,"
        failures = try reader.number(in: 1...Self.most, wanting: wanted)
        guard reader.skip("/") else {
            checks = failures
            try reader.end(wanting: wanted)
            return
        }
        checks = try reader.number(
            in: failures...Self.most,
            wanting: "a number of checks from \(failures) to \(Self.most)")
        try reader.end(wanting: wanted)
    }
}

/// How many checks must fail before an action: N in a row, or N among the last M.
struct FailureThreshold: Hashable, Sendable {
    /// The number of failures.
    let failures: Int
    /// The number of checks, including the last one.
    let checks: Int

    /// A single failure, as in superlance.
    static let one = FailureThreshold(failures: 1, checks: 1)

    /// The maximum number of checks.
    static let most = 64
}

extension FailureThreshold {
    /// Parses `N` or `N/M`.
    ///
    /// - Throws: `UsageError` that identifies the invalid part.
    init(_ value: OptionValue) throws(UsageError) {
        var reader = SpecificationReader(value)
        let expected = "N or N/M with numbers from 1 to \(Self.most), such as 3 or 3/5,"
        failures = try reader.number(in: 1...Self.most, requiring: expected)
        guard reader.skip("/") else {
            checks = failures
            try reader.end(requiring: expected)
            return
        }
        checks = try reader.number(
            in: failures...Self.most,
            requiring: "a number of checks from \(failures) to \(Self.most)")
        try reader.end(requiring: expected)
    }
}

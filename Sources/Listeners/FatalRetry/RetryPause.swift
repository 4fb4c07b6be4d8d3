/// The pause before a FATAL program is restarted: `MIN..MAX` of `--backoff`.
struct RetryPause: Hashable, Sendable {
    /// The first pause, in seconds; each further one is twice as long.
    var shortest = 60
    /// The longest pause, in seconds.
    var longest = 3_600

    /// Returns a pause.
    ///
    /// - Parameters:
    ///   - attempt: The number of the next attempt, from 1.
    ///   - chance: A random number from 0 to 1. It varies the pause by up to a tenth, so that
    ///     programs that failed together are not restarted simultaneously.
    /// - Returns: The pause.
    func before(attempt: Int, chance: Double) -> Duration {
        var seconds = shortest
        for _ in 1..<max(1, attempt) where seconds < longest { seconds *= 2 }
        return .seconds(min(seconds, longest)) * (0.9 + 0.2 * min(1, max(0, chance)))
    }
}

extension RetryPause {
    /// Parses `MIN..MAX`, such as `1m..1h`; a single time is both.
    ///
    /// - Throws: `UsageError` that identifies the invalid part.
    init(_ value: OptionValue) throws(UsageError) {
        var reader = SpecificationReader(value)
        let expected = "MIN..MAX, such as 1m..1h,"
        shortest = try reader.seconds(atLeast: 1)
        guard !reader.isAtEnd else {
            longest = shortest
            return
        }
        guard reader.skip("."), reader.skip(".") else {
            throw reader.error(requiring: expected, at: reader.position)
        }
        longest = try reader.seconds(
            atLeast: shortest, requiring: "a time that is not shorter than the first")
        try reader.end(requiring: expected)
    }
}

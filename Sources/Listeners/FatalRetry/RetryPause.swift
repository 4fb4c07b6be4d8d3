// How long to wait before a FATAL program is started again.

/// How long to wait before a FATAL program is started again: `MIN..MAX` of `--backoff`.
struct RetryPause: Hashable, Sendable {
    /// The first pause, in seconds; each further one is twice as long.
    var shortest = 60
    /// The longest pause, in seconds.
    var longest = 3_600

    /// A pause.
    ///
    /// - Parameters:
    ///   - attempt: The number of the attempt that comes after it, from 1.
    ///   - chance: A random number from 0 to 1: the pause is up to a tenth shorter or longer, so
    ///     that programs which failed together are not all started at the same moment.
    /// - Returns: The pause.
    func before(attempt: Int, chance: Double) -> Duration {
        var seconds = shortest
        for _ in 1..<max(1, attempt) where seconds < longest { seconds *= 2 }
        return .seconds(min(seconds, longest)) * (0.9 + 0.2 * min(1, max(0, chance)))
    }
}

extension RetryPause {
    /// Reads `MIN..MAX`, such as `1m..1h`; one time is both.
    ///
    /// - Throws: `UsageError` that names the place of the mistake.
    init(_ value: OptionValue) throws(UsageError) {
        var reader = SpecificationReader(value)
        let wanted = "MIN..MAX, such as 1m..1h,"
        shortest = try reader.seconds(atLeast: 1)
        guard !reader.isAtEnd else {
            longest = shortest
            return
        }
        guard reader.skip("."), reader.skip(".") else {
            throw reader.error(wanting: wanted, at: reader.position)
        }
        longest = try reader.seconds(
            atLeast: shortest, wanting: "a time that is not shorter than the first")
        try reader.end(wanting: wanted)
    }
}

// How long to wait before the next attempt.

/// How long to wait before the next attempt: 5 s, doubled each time up to 5 min, give or take a
/// fifth.
///
/// The chance in it keeps several listeners from calling on a mail server in the same moment when
/// it comes back.
enum Backoff {
    /// The pause after a number of failures in a row.
    ///
    /// - Parameters:
    ///   - failures: How many, at least 1.
    ///   - generator: Where chance comes from.
    /// - Returns: How long to wait.
    static func pause(
        after failures: Int, using generator: inout some RandomNumberGenerator
    ) -> Duration {
        let doubled = min(300_000, 5_000 << min(failures - 1, 6))
        return .milliseconds(doubled * Int.random(in: 80...120, using: &generator) / 100)
    }
}

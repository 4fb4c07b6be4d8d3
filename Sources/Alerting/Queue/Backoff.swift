/// How long to wait before the next attempt, give or take a fifth.
///
/// The chance in it keeps several listeners from calling on a mail server in the same moment when
/// it comes back.
enum Backoff: Hashable {
    /// For what may pass by itself: 5 s, doubled each time up to 5 min.
    case passing
    /// For what somebody has to change: 5 s, four times as much each time up to 15 min, so that no
    /// server takes a refused login for an attack.
    case blocked

    /// Returns the pause after a number of consecutive failures.
    ///
    /// - Parameters:
    ///   - failures: The number of failures, at least 1.
    ///   - generator: The source of random numbers.
    /// - Returns: The pause.
    func pause(
        after failures: Int, using generator: inout some RandomNumberGenerator
    ) -> Duration {
        let step = max(0, failures - 1)
        let seconds =
            switch self {
            case .passing: min(300, 5 << min(step, 6))
            case .blocked: min(900, 5 << min(2 * step, 8))
            }
        return .milliseconds(seconds * 10 * Int.random(in: 80...120, using: &generator))
    }
}

/// The pause before the next attempt, varied at random by up to a fifth.
///
/// Because of the variation, several listeners do not connect to a recovered server at the same
/// time.
enum Backoff: Hashable {
    /// For temporary failures: 5 s, doubled up to 5 min.
    case passing
    /// For failures that an operator must fix: 5 s, quadrupled up to 15 min, so that no server
    /// treats repeated logins as an attack.
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

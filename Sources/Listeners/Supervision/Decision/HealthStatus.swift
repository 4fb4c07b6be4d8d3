/// The result of a check.
enum HealthStatus: Hashable, Sendable {
    /// The check passed.
    case healthy
    /// The check failed, with the reason.
    case unhealthy(String)
    /// The result is unknown, with the reason: supervisord or `/proc` is not available, or the tool
    /// itself has failed.
    ///
    /// It never causes a restart.
    case unknown(String)
}

// What a check found.

/// What a check found.
enum CheckVerdict: Hashable, Sendable {
    /// All is as it should be.
    case healthy
    /// It is not, and why.
    case unhealthy(String)
    /// Nothing is known, and why: supervisord or `/proc` cannot be asked, or the fault is the
    /// tool's own. It never leads to a restart.
    case unknown(String)
}

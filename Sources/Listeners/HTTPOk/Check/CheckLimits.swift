// What is only reported when it is exceeded.

internal import System

/// Limits that are only reported when they are exceeded, since a restart seldom cures it.
struct CheckLimits: Hashable {
    /// How long an answer may take; nil for no limit.
    var latency: Duration?
    /// Whether a slow answer is a failed check.
    var latencyFails = false
    /// How long a certificate must still be valid; nil for no limit.
    var certificateLife: Duration?
}

internal import System

/// Limits that only cause alerts when exceeded, since a restart seldom helps.
struct CheckLimits: Hashable {
    /// The maximum duration of a response; nil for no limit.
    var latency: Duration?
    /// Whether a slow response is a failed check.
    var latencyFails = false
    /// How long a certificate must remain valid; nil for no limit.
    var certificateLife: Duration?
}

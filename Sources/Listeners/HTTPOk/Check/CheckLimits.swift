internal import System

/// Limits for the duration of a response and for the certificate.
///
/// Exceeding one causes an alert, but no restart, as that seldom helps, unless
/// `--restart-on latency` is given.
struct CheckLimits: Hashable {
    /// The maximum duration of a response; nil for no limit.
    var latency: Duration?
    /// Whether a slow response is a failed check.
    var latencyFails = false
    /// How long a certificate must remain valid; nil for no limit.
    var certificateLife: Duration?

    /// Whether there is a limit.
    var isSet: Bool { latency != nil || certificateLife != nil }
}

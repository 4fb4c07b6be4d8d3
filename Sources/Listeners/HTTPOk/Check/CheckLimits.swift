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

extension CheckLimits {
    /// Records that a check which passed took longer than allowed: a notice, or a failure.
    func note(latency time: Duration, of result: inout CheckResult) {
        guard let latency, time.milliseconds > latency.milliseconds else { return }
        guard latencyFails else {
            result.notices.append(
                .slow(time: time.milliseconds, limit: latency.milliseconds))
            return
        }
        let reason = "responded after \(time.shortText), more than \(latency.shortText)"
        result.evidence = CheckEvidence.adding(limit: latency, to: result.evidence)
        result.health = .unhealthy(reason)
        result.cause = result.status > 0 ? "HTTP \(result.status) \(reason)" : reason
        result.message = HTTPOkMessages.error(contacting: result.target, reason)
    }
}

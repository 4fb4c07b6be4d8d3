/// What became of alerts on their way by a channel, as it is counted.
public enum DeliveryMetric: String, CaseIterable, Sendable {
    /// Somebody has got them.
    case delivered
    /// An attempt has failed; there will be another one.
    case retried
    /// They were refused for good.
    case refused
}

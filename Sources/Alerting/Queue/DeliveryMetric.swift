/// The result of an attempt, as counted by the metrics.
public enum DeliveryMetric: String, CaseIterable, Sendable {
    /// At least one target accepted the alerts.
    case delivered
    /// The attempt failed and will be retried.
    case retried
    /// The alerts were permanently rejected.
    case refused
}

/// The result of a delivery to one target.
///
/// Each reason is one clause.
public enum DeliveryStatus: Hashable, Sendable {
    /// The target accepted the alert.
    case accepted
    /// The delivery failed temporarily and is retried, after the pause that the server requested,
    /// if any.
    case later(String, pause: Duration? = nil)
    /// The delivery fails until an operator fixes the cause; the reason ends with what to check.
    case blocked(String)
    /// The alert is larger than the server accepts; the limit is the server's own, in bytes. If
    /// that is not certain, the cause may be a full mailbox, or a limit that no alert meets.
    case tooLarge(String, limit: Int? = nil, isCertain: Bool = true)
    /// The alert is permanently rejected.
    case refused(String)
}

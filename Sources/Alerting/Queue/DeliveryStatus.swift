/// What became of a delivery to one target.
///
/// Each reason is one clause.
public enum DeliveryStatus: Hashable, Sendable {
    /// It has been taken over by whoever is next.
    case accepted
    /// It failed for now; trying again makes sense, though not before a pause if the other side
    /// asked for one.
    case later(String, pause: Duration? = nil)
    /// It fails until somebody changes something; the reason ends with what to check.
    case blocked(String)
    /// It is larger than the other side takes; the limit is the one that it named, in bytes.
    case tooLarge(String, limit: Int? = nil)
    /// This alert is refused for good, whatever else changes.
    case refused(String)
}

/// A rejection of an alert that is not final yet.
///
/// Providers also reject messages for what an operator can fix: a sender that is not verified, a
/// wrong key, a chat that does not exist. A rejection is therefore final only if the same channel
/// has accepted another alert since, and then rejects this one again on its own.
struct Rejection {
    /// The number of successful attempts of the channel before the first rejection.
    let acceptances: Int

    /// The last reason.
    var reason: String

    /// Whether even the alert's headlines were too large, so that the alert is not the cause.
    var isAboutSize = false

    /// Whether it was sent alone, or in a digest that was not worth dividing.
    var isHeld: Bool
}

/// The decision about a process after a check.
enum Decision: Hashable, Sendable {
    /// No action: the process is healthy, its state is unknown, or it is already queued.
    case nothing
    /// No action yet, for this reason.
    ///
    /// `isNew` is whether the reason differs from that of the previous check; `isAlertDue` whether
    /// an alert about it is due.
    case hold(HoldReason, isNew: Bool = true, isAlertDue: Bool = false)
    /// Restart or stop it when its group allows that.
    case act(RestartStep)
    /// Cancel the queued restart.
    case cancel
}

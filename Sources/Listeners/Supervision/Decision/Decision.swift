// What is to be done after a check.

/// What is to be done about a process after a check.
enum Decision: Hashable, Sendable {
    /// Nothing: it is well, or nothing is known, or its turn comes later anyway.
    case nothing
    /// Nothing yet, for this reason.
    ///
    /// `isNew` says whether the reason was another one, or none, after the check before;
    /// `isAlertDue` whether an alert about it is to be sent now.
    case hold(HoldReason, isNew: Bool = true, isAlertDue: Bool = false)
    /// It is to be restarted or stopped when its group allows it.
    case act(RestartAct)
    /// It was to be restarted, and need not be any more.
    case withdraw
}

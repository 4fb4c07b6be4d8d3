// An alert on its way.

internal import System

/// An alert on its way to one lane's targets.
struct QueuedAlert {
    /// Its place in the order in which alerts came.
    let number: Int

    /// How many attempts have failed with it.
    var attempts = 0

    /// Whether it has waited for a lane that was closed.
    var isLate = false

    /// Whether a digest with it was refused, so that it goes by itself.
    var goesAlone = false

    /// When it was first sent together with others.
    var digestDate: Timestamp?

    /// Whether somebody has got it, so that it need not stand in the log when others refuse it.
    var hasArrived = false

    /// What its text takes in memory, in bytes, about.
    var weight = 0

    /// What is known of the alert over all channels.
    let debt: PendingAlert

    var alert: Alert { debt.alert }

    init(_ debt: PendingAlert, number: Int) {
        self.debt = debt
        self.number = number
    }
}

// What is remembered of a process.

internal import System

/// What is remembered of a process.
struct ProcessRecord: Hashable, Sendable {
    /// What is being done about a process.
    enum Activity: Hashable, Sendable {
        /// Nothing.
        case idle
        /// It is to be restarted when its group allows it.
        case waiting
        /// It is being restarted.
        case acting
        /// It was stopped, and its start has not succeeded yet.
        case pendingStart
    }

    /// The instance to which the counters belong; nothing if none was seen.
    var start: Int?
    /// The last checks of each kind.
    var rings: [String: FailureRing] = [:]
    /// Why each kind of check failed the last time.
    var failures: [String: String] = [:]
    /// Which check led to what is being done.
    var check = ""
    /// Until when nothing is known about the instance: checks that began before do not count.
    var change: Instant?
    /// When it would have been started if this were no dry run.
    var pretendedStart: Instant?
    var budget = RestartBudget()
    /// The charge of the restart that is under way.
    var charge: Instant?
    /// When an alert was sent that the budget is spent.
    var gaveUp = Reminder()
    /// When an alert was sent in place of a restart.
    var alerted = Reminder()
    var activity = Activity.idle
    /// What is done when it is its turn.
    var act = RestartAct.restart
    /// Why nothing was done the last time.
    var hold: HoldReason?

    /// Whether there is nothing that another look at the process would not show.
    func isForgettable(_ threshold: FailureThreshold) -> Bool {
        activity == .idle && budget.charges.isEmpty && !gaveUp.isActive && !alerted.isActive
            && pretendedStart == nil && hold == nil
            && rings.values.allSatisfy { $0.failures(for: threshold) == 0 }
    }

    /// Begins anew with another instance.
    mutating func begin(start: Int) {
        self.start = start
        rings = [:]
        failures = [:]
        pretendedStart = nil
    }
}

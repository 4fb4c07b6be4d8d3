internal import System

/// The state of a process in the ledger.
struct ProcessRecord: Hashable, Sendable {
    /// The current action for a process.
    enum Activity: Hashable, Sendable {
        /// None.
        case idle
        /// Queued for a restart.
        case waiting
        /// Being restarted.
        case acting
        /// Stopped, and not yet started again.
        case pendingStart
    }

    /// The instance that the counters belong to; nil if none was seen.
    var start: Int?
    /// The last checks of each kind.
    var rings: [String: FailureRing] = [:]
    /// The latest failure of each check.
    var failures: [String: String] = [:]
    /// Whether one of them is for this process only.
    var isPerProcess = false
    /// The check that caused the current action.
    var check = ""
    /// What the process serves, such as its URLs.
    var sites: Set<String> = []
    /// Whether that does not wait for the window.
    var ignoresWindow = false
    /// Whether a warning was sent about what that check found.
    var isWarned = false
    /// Whether that check is about the whole group.
    var isOfGroup = false
    /// Whether `--action stop` has stopped it, and it has not been started since.
    var isStopped = false
    /// Whether the stop has not been reported yet, because an earlier run ended during it.
    var owesStopReport = false
    /// When the current or latest action began.
    var actingSince: Instant?
    /// Until when nothing is known about the instance: checks that began before do not count.
    var change: Instant?
    /// When it would have been started, in a dry run.
    var pretendedStart: Instant?
    var budget = RestartBudget()
    /// The budget charge of the current restart.
    var charge: Instant?
    /// The alert about the spent budget.
    var gaveUp = Reminder()
    /// When the alert about the spent budget was restored from an earlier run; nil if it was not.
    var restored: Instant?
    /// The alert sent instead of a restart.
    var alerted = Reminder()
    /// The checks that led to these alerts, which end when all of them pass, in this instance or a
    /// later one.
    var alertedChecks: Set<String> = []
    var activity = Activity.idle
    /// The queued action.
    var act = RestartStep.restart
    /// The requested starts whose events may be outstanding.
    var ownStarts = OwnStarts()
    /// The latest reason for no action.
    var hold: HoldReason?
    /// The check whose failure it is about.
    var holdCheck = ""
    /// Why it was taken out of the queue.
    var withdrawal: HoldReason?
    /// The reason before the current action.
    var formerHold: HoldReason?

    /// Why it is not started, if it has failed by itself.
    var starting = StartRecord()

    /// Whether the record contains nothing that a new check would not find.
    func isForgettable(_ threshold: FailureThreshold) -> Bool {
        activity == .idle && budget.charges.isEmpty && !gaveUp.isActive && !alerted.isActive
            && pretendedStart == nil && hold == nil && !isStopped
            && starting == StartRecord()
            && rings.values.allSatisfy { $0.failures(for: threshold) == 0 }
    }

    /// Resets the record for a new instance.
    mutating func begin(start: Int) {
        self.start = start
        rings = [:]
        failures = [:]
        pretendedStart = nil
    }

    /// Records that it is not down because of `--action stop`.
    mutating func endStop() {
        isStopped = false
        owesStopReport = false
    }

    /// The name of the check whether a process is down by itself.
    static let startCheck = "-x"

    /// Records that it was seen running, or about to.
    ///
    /// - Returns: Whether that ends the alert that restarts do not help.
    mutating func noteUp() -> Bool {
        endStop()
        starting = StartRecord()
        guard alertedChecks.remove(Self.startCheck) != nil, alertedChecks.isEmpty else {
            return false
        }
        return gaveUp.pause()
    }
}

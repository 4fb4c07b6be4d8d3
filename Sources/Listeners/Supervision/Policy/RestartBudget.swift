internal import System

/// The restarts of a process that count for its limit, in a sliding window.
///
/// `RestartLedger` empties it when another client stops or starts the process.
struct RestartBudget: Hashable, Sendable {
    /// The times of charged restarts, the oldest first.
    private(set) var charges: [Instant] = []

    /// Whether another restart is allowed.
    func allows(_ limit: RestartLimit, at now: Instant) -> Bool {
        counting(limit, at: now).count < limit.count
    }

    /// The restarts within the window.
    func counting(_ limit: RestartLimit, at now: Instant) -> ArraySlice<Instant> {
        charges.drop { now - $0 >= .seconds(limit.period) }
    }

    /// The time until another restart is allowed; zero if one is.
    func wait(_ limit: RestartLimit, at now: Instant) -> Duration {
        let counting = counting(limit, at: now)
        guard counting.count >= limit.count else { return .zero }
        let decisive = counting[counting.endIndex - limit.count]
        return .seconds(limit.period) - (now - decisive)
    }

    /// Charges a restart.
    mutating func charge(at now: Instant, within limit: RestartLimit) {
        charges.append(now)
        charges.removeAll { now - $0 >= .seconds(limit.period) }
    }

    /// Removes a charge, since the stop failed.
    mutating func refund(_ charge: Instant) {
        guard let index = charges.lastIndex(of: charge) else { return }
        charges.remove(at: index)
    }

    /// Removes all charges.
    mutating func empty() {
        charges = []
    }
}

extension RestartBudget {
    /// The wall-clock times of the charges in seconds since 1970, for the spool.
    func times(at moment: Moment) -> [Int] {
        charges.map { moment.time(of: $0).seconds }
    }

    /// Restores charges from the spool.
    ///
    /// A time in the future, after the clock was set back, counts as now: too few restarts are
    /// preferred to too many.
    init(times: [Int], at moment: Moment) {
        charges = times.map { seconds in
            let age = moment.time.seconds.subtractingReportingOverflow(seconds)
            return moment.instant - .seconds(age.overflow ? 0 : max(0, age.partialValue))
        }.sorted()
    }
}

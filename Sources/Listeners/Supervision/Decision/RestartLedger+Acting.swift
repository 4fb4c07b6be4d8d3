// The queue of actions and their outcomes.

internal import ListenerProtocol
internal import Text

extension RestartLedger {
    /// The processes of a group that are down because of us, or soon will be.
    func down(in group: String) -> [ProcessName] {
        records.filter { process, record in
            process.group.isExactly(group) && record.act != .start
                && [.acting, .pendingStart].contains(record.activity)
        }.map(\.key).sorted { $0.name < $1.name }
    }

    /// The number of running restarts.
    var actingCount: Int { records.values.count { $0.activity == .acting } }

    /// Starts the actions that groups and conditions allow, in order.
    ///
    /// - Parameter moment: The current time.
    /// - Returns: The processes, each with its action.
    mutating func begin(at moment: Moment) -> [(process: ProcessName, act: RestartStep)] {
        var begun: [(process: ProcessName, act: RestartStep)] = []
        for process in waiting where actingCount < RestartPolicy.concurrency {
            guard var record = records[process] else { continue }
            guard mayBegin(process, record, at: moment) else {
                drop(process)
                continue
            }
            guard record.act == .start || hasRoom(for: process, record) else { continue }
            record.activity = .acting
            record.actingSince = moment.instant
            if let limit = policy.limit {
                record.budget.charge(at: moment.instant, within: limit)
                record.charge = moment.instant
            }
            record.hold = nil
            records[process] = record
            waiting.removeAll { $0 == process }
            begun.append((process, record.act))
        }
        return begun
    }

    /// Whether the conditions still hold under which it was decided: it may have waited for long.
    private func mayBegin(
        _ process: ProcessName, _ record: ProcessRecord, at moment: Moment
    ) -> Bool {
        silence.end(for: process, at: moment.time) == nil
            && (record.act == .start || record.ignoresWindow || closedWindow(at: moment) == nil)
    }

    /// Whether a process may go down now.
    private func hasRoom(for process: ProcessName, _ record: ProcessRecord) -> Bool {
        if policy.isSequential,
            records.values.contains(where: { $0.activity == .acting && $0.check == record.check })
        {
            return false
        }
        return down(in: process.group).count < policy.maxUnavailable
    }

    /// Records the outcome of an action.
    ///
    /// - Parameters:
    ///   - process: The process.
    ///   - outcome: The outcome.
    ///   - isPending: Whether its start is pending regardless of the outcome: a stop without a
    ///     response may have been carried out.
    ///   - moment: The current time.
    mutating func finish(
        _ process: ProcessName, _ outcome: RestartOutcome, isPending: Bool, at moment: Moment
    ) {
        let isFailedStart = if case .startFailed = outcome { true } else { false }
        finish(
            process, isPending && !isFailedStart ? .startFailed("") : outcome, at: moment)
        if !isPending && isFailedStart { settlePendingStart(process, at: moment) }
    }

    /// Whether an alert is due that `--before` postponed a restart, which counts as sent.
    mutating func isPostponementDue(_ process: ProcessName, at moment: Moment) -> Bool {
        records[process]?.isWarned == false && isAlertDue(process, at: moment)
    }

    /// Records the outcome of an action.
    mutating func finish(_ process: ProcessName, _ outcome: RestartOutcome, at moment: Moment) {
        guard var record = records[process] else { return }
        settleCharge(&record, outcome, at: moment)
        record.change = moment.instant
        // Nothing has changed if it was postponed, so that the next failed check is enough.
        if outcome != .postponed {
            record.rings = [:]
            record.failures = [:]
        }
        record.hold = outcome == .postponed ? .postponed : nil
        record.activity = .idle
        if case .startFailed = outcome { record.activity = .pendingStart }
        if record.activity == .idle { record.ownStarts.endAction() }
        if outcome == .dryRun {
            record.pretendedStart = moment.instant
        }
        records[process] = record
        finishCanary(process, outcome)
    }

    /// Charges the action at its end, since the stop may come long after the decision.
    private func settleCharge(
        _ record: inout ProcessRecord, _ outcome: RestartOutcome, at moment: Moment
    ) {
        guard let charge = record.charge, let limit = policy.limit else { return }
        record.budget.refund(charge)
        if outcome.isCharged { record.budget.charge(at: moment.instant, within: limit) }
        record.charge = nil
    }

    /// The budgets as records for the spool.
    func budgetRecords(at moment: Moment) -> [[String]] {
        records.filter { !$0.value.budget.charges.isEmpty }.map { process, record in
            ["budget", process.group, process.name]
                + record.budget.times(at: moment).map(String.init)
        }.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// Restores budgets from the spool.
    mutating func restore(_ lines: [[String]], at moment: Moment) {
        guard let limit = policy.limit else { return }
        for line in lines where line.count > 3 && line[0] == "budget" {
            let process = ProcessName(group: line[1], name: line[2])
            let budget = RestartBudget(times: line.dropFirst(3).compactMap { Int($0) }, at: moment)
            guard !budget.counting(limit, at: moment.instant).isEmpty else { continue }
            records[process, default: ProcessRecord()].budget = budget
        }
    }

    /// Records that an earlier run stopped a process and has not started it yet.
    mutating func restorePendingStart(_ process: ProcessName) {
        records[process, default: ProcessRecord()].activity = .pendingStart
    }

    /// Records that a pending start has succeeded or no longer applies.
    mutating func settlePendingStart(_ process: ProcessName, at moment: Moment) {
        guard records[process]?.activity == .pendingStart else { return }
        records[process]?.activity = .idle
        records[process]?.ownStarts.endAction()
        records[process]?.change = moment.instant
        forgetIfPossible(process)
    }

    /// Decides whether to start a process that has failed by itself.
    ///
    /// - Parameters:
    ///   - observation: Its state; the health is ignored.
    ///   - moment: The current time.
    /// - Returns: The decision.
    mutating func decideStart(_ observation: Observation, at moment: Moment) -> Decision {
        let process = observation.process
        if let record = records[process] {
            guard !isStale(observation.begin, record), record.activity == .idle else {
                return .nothing
            }
        }
        let previous = records[process]?.hold
        see(observation.instance, observation.state, begin: observation.begin)
        guard process != own, policy.action == .restart else { return .nothing }
        if let end = silence.end(for: process, at: moment.time) {
            return note(.hold(.silenced(until: end)), process, after: previous)
        }
        records[process, default: ProcessRecord()].start = observation.instance.start
        if let decision = holdForBudget(process, at: moment) {
            return note(decision, process, after: previous)
        }
        records[process]?.activity = .waiting
        records[process]?.act = .start
        waiting.append(process)
        return note(.act(.start), process, after: previous)
    }
}

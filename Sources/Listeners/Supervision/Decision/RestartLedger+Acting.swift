// The queue of actions and their outcomes.

internal import ListenerProtocol
internal import Text

extension RestartLedger {
    /// The processes of a group that are down because of us, or soon will be.
    func down(in group: String) -> [ProcessName] {
        processes(of: group) { record in
            record.isStopped
                || record.act != .start && [.acting, .pendingStart].contains(record.activity)
        }
    }

    /// The processes of a group that `--action stop` has stopped, if no other one may be stopped
    /// until they are started.
    func stoppedEnough(in group: String) -> [ProcessName]? {
        guard policy.action == .stop else { return nil }
        let stopped = processes(of: group, where: \.isStopped)
        return stopped.count < policy.maxUnavailable ? nil : stopped
    }

    private func processes(
        of group: String, where isWanted: (ProcessRecord) -> Bool
    ) -> [ProcessName] {
        records.filter { $0.key.group.isExactly(group) && isWanted($0.value) }.map(\.key)
            .sorted { $0.name < $1.name }
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
            if let reason = obstacle(to: process, record, at: moment) {
                drop(process)
                records[process]?.withdrawal = reason
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

    /// Which condition under which an action was decided no longer holds.
    func obstacle(to process: ProcessName, at moment: Moment) -> HoldReason? {
        records[process].flatMap { obstacle(to: process, $0, at: moment) }
    }

    /// Which condition under which it was decided no longer holds: it may have waited for long.
    private func obstacle(
        to process: ProcessName, _ record: ProcessRecord, at moment: Moment
    ) -> HoldReason? {
        if let end = silence.end(for: process, at: moment.time) { return .silenced(until: end) }
        guard record.act != .start else { return nil }
        if !record.ignoresWindow, let opens = closedWindow(at: moment) {
            return .window(opens: opens)
        }
        return stoppedEnough(in: process.group).map { .group(down: $0) }
    }

    /// Why a process that waited for its turn is no longer in the queue.
    mutating func takeWithdrawal(of process: ProcessName) -> String {
        guard let record = records[process] else { return "it no longer exists" }
        defer { records[process]?.withdrawal = nil }
        return (record.withdrawal ?? record.hold)?.description ?? "no check requires it"
    }

    /// Whether a process may go down now.
    private func hasRoom(for process: ProcessName, _ record: ProcessRecord) -> Bool {
        colleague(of: record) == nil && down(in: process.group).count < policy.maxUnavailable
    }

    /// The process that is being restarted and serves the same site, if these are restarted one
    /// after the other.
    private func colleague(of record: ProcessRecord) -> ProcessName? {
        guard policy.isSequential else { return nil }
        return records.filter {
            $0.value.activity == .acting && !$0.value.sites.isDisjoint(with: record.sites)
        }.keys.min { $0.qualifiedName < $1.qualifiedName }
    }

    /// Why a queued process waits although its group allows its restart; nil if it need not wait.
    func delay(of process: ProcessName) -> HoldReason? {
        guard let record = records[process] else { return nil }
        if let colleague = colleague(of: record) { return .site(colleague) }
        return actingCount < RestartPolicy.concurrency ? nil : .concurrency
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
        guard let record = records[process] else { return false }
        if record.act == .start { return isStartAlertDue(process, at: moment) }
        guard !record.isWarned else { return false }
        return isAlertDue(process, isOfGroup: record.isOfGroup, at: moment)
    }

    /// Records the outcome of an action.
    mutating func finish(_ process: ProcessName, _ outcome: RestartOutcome, at moment: Moment) {
        guard var record = records[process] else { return }
        settleCharge(&record, outcome, at: moment)
        record.change = moment.instant
        if !outcome.keepsFailures {
            record.rings = [:]
            record.failures = [:]
        }
        record.hold = outcome == .postponed ? .postponed : nil
        record.holdCheck = record.act == .start ? ProcessRecord.startCheck : record.check
        if record.act == .start { record.starting.hold = record.hold }
        record.activity = .idle
        if case .startFailed = outcome { record.activity = .pendingStart }
        record.isStopped = outcome == .stopped
        let isStarted = record.activity == .idle && record.ownStarts.endAction()
        if outcome == .dryRun {
            record.pretendedStart = moment.instant
        }
        records[process] = record
        finishCanary(process, outcome)
        // A person's decision, whose event has arrived during the action.
        if isStarted { clear(process, .started) }
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

    /// The budgets that are not full, without the charges of restarts that have not asked for the
    /// stop.
    ///
    /// - Parameter stopping: The processes whose stop was requested.
    /// - Returns: The budgets.
    func spentBudgets(stopping: Set<ProcessName>) -> [ProcessName: RestartBudget] {
        records.reduce(into: [:]) { budgets, entry in
            var budget = entry.value.budget
            if let charge = entry.value.charge, entry.value.act != .start,
                !stopping.contains(entry.key)
            {
                budget.refund(charge)
            }
            if !budget.charges.isEmpty { budgets[entry.key] = budget }
        }
    }

    /// Budgets as records for the spool.
    static func records(_ budgets: [ProcessName: RestartBudget], at moment: Moment) -> [[String]] {
        budgets.map { process, budget in
            ["budget", process.group, process.name] + budget.times(at: moment).map(String.init)
        }.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// The processes that `--action stop` has stopped, or is stopping.
    ///
    /// - Parameter stopping: Those whose stop was requested, each with its start time.
    /// - Returns: The processes, and whether the stop has been reported.
    func stoppedProcesses(stopping: [ProcessName: Int]) -> [StoppedProcess] {
        let stopped = records.filter(\.value.isStopped).map { process, record in
            StoppedProcess(
                process: process, start: record.start, isReported: !record.owesStopReport)
        }
        return
            (stopped
            + stopping.map { StoppedProcess(process: $0, start: $1, isReported: false) })
            .sorted { $0.process.qualifiedName < $1.process.qualifiedName }
    }

    /// Restores a process that an earlier run has stopped.
    mutating func restore(_ stopped: StoppedProcess) {
        var record = records[stopped.process] ?? ProcessRecord()
        record.isStopped = true
        record.owesStopReport = !stopped.isReported
        record.start = stopped.start ?? record.start
        records[stopped.process] = record
    }

    /// Whether a process that an earlier run was stopping is stopped by now, which counts as
    /// reported.
    mutating func takeOwedStop(of process: ProcessName, _ state: ProcessState) -> Bool {
        guard state == .stopped, records[process]?.owesStopReport == true else { return false }
        records[process]?.owesStopReport = false
        return true
    }

    /// Restores budgets and stopped processes from the spool.
    mutating func restore(_ lines: [[String]], at moment: Moment) {
        for stopped in lines.compactMap(StoppedProcess.init(record:)) { restore(stopped) }
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
        guard process != own else { return .nothing }
        if records[process]?.start != observation.instance.start {
            records[process, default: ProcessRecord()].starting = StartRecord()
        }
        let previous = records[process]?.starting.hold
        see(observation.instance, observation.state, begin: observation.begin)
        records[process]?.start = observation.instance.start
        records[process]?.starting.state = observation.state
        let decision = note(startDecision(process, at: moment), process, after: previous)
        records[process]?.starting.hold =
            if case .hold(let reason, _, _) = decision { reason } else { nil }
        records[process]?.holdCheck = ProcessRecord.startCheck
        return decision
    }

    private mutating func startDecision(_ process: ProcessName, at moment: Moment) -> Decision {
        if let end = silence.end(for: process, at: moment.time) {
            return .hold(.silenced(until: end))
        }
        guard policy.action == .restart else {
            return .hold(.alertOnly, isAlertDue: isStartAlertDue(process, at: moment))
        }
        let check = ProcessRecord.startCheck
        if let decision = holdForBudget(process, check, ignoresWindow: true, at: moment) {
            return decision
        }
        records[process]?.activity = .waiting
        records[process]?.act = .start
        waiting.append(process)
        return .act(.start)
    }

    private mutating func isStartAlertDue(_ process: ProcessName, at moment: Moment) -> Bool {
        records[process]?.starting.alerted.isDue(at: moment.instant, every: policy.reminder)
            ?? false
    }
}

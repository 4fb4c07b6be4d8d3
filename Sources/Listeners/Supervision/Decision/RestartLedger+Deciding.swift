// The rules, in their order.

internal import ListenerProtocol
internal import System
internal import Text

extension RestartLedger {
    /// Decides what to do after a check.
    ///
    /// - Parameters:
    ///   - observation: The result of the check.
    ///   - moment: The current time.
    /// - Returns: The decision.
    mutating func decide(_ observation: Observation, at moment: Moment) -> Decision {
        let process = observation.process
        if let record = records[process], isStale(observation.begin, record) { return .nothing }
        let previous = records[process]?.hold
        see(observation.instance, observation.state, begin: observation.begin)
        if [.acting, .pendingStart].contains(records[process]?.activity) { return .nothing }
        let decision = note(decision(observation, at: moment), process, after: previous)
        if case .hold = decision { records[process]?.holdCheck = observation.check }
        return decision
    }

    /// Records a passed check for processes that were not observed individually.
    ///
    /// - Returns: The processes whose queued restart is cancelled.
    mutating func pass(_ check: String, begin: Instant, at moment: Moment) -> [ProcessName] {
        passes[check] = begin
        let known = records.filter { process, record in
            record.rings[check] != nil || record.hold != nil && record.holdCheck == check
                || record.alertedChecks.contains(check)
                || record.restored != nil && record.gaveUp.isActive
                || isRestartedFirst(process) && record.check == check
        }
        return known.compactMap { process, record in
            let observation = Observation(
                instance: ProcessInstance(process: process, start: record.start ?? 0),
                begin: begin, state: .running, check: check, health: .healthy)
            return decide(observation, at: moment) == .cancel ? process : nil
        }
    }

    private mutating func decision(_ observation: Observation, at moment: Moment) -> Decision {
        switch observation.health {
        case .unknown:
            noteUnknown(observation.process)
            return .nothing
        case .healthy: return pass(observation, at: moment)
        case .unhealthy(let reason): return fail(observation, reason, at: moment)
        }
    }

    // MARK: Healthy

    private mutating func pass(_ observation: Observation, at moment: Moment) -> Decision {
        let process = observation.process
        if observation.isOfGroup { groupAlerts[ExactText(process.group)] = nil }
        if policy.startPeriod > 0 && policy.successEndsStartPeriod {
            passes[observation.check] = observation.begin
        }
        if silence.end(for: process, at: moment.time) == nil {
            count(observation, isFailure: false)
        }
        guard var record = records[process] else { return .nothing }
        record.failures[observation.check] = nil
        record.alertedChecks.remove(observation.check)
        record = withoutFormerChecks(record, at: moment)
        let isHealthy = record.failures.isEmpty
        if isHealthy && record.alertedChecks.isEmpty {
            _ = record.alerted.end()
            if record.gaveUp.pause() { resolve(process, .recovered) }
        }
        if isHealthy { record.hold = nil }
        // A check that passes without a process does not mean that the process is up.
        let wasWaiting = record.activity == .waiting && record.act != .start
        // What still fails may have to wait for the window.
        let isOpen = !record.ignoresWindow || record.check != observation.check
        defer { if wasWaiting && !isHealthy && !isOpen { drop(process) } }
        if isHealthy && wasWaiting { record.activity = .idle }
        records[process] = record
        if isHealthy { passCanary(process, observation.check) }
        if isHealthy && wasWaiting { waiting.removeAll { $0 == process } }
        forgetIfPossible(process)
        return isHealthy && wasWaiting ? .cancel : .nothing
    }

    // MARK: Unhealthy

    private mutating func fail(
        _ observation: Observation, _ reason: String, at moment: Moment
    ) -> Decision {
        let process = observation.process
        if process == own { return .hold(.ownListener) }
        if let end = silence.end(for: process, at: moment.time) {
            drop(process)
            return .hold(.silenced(until: end))
        }
        guard observation.state == .running else {
            // A start was decided because of that state.
            if records[process]?.act != .start { drop(process) }
            return .hold(.state(observation.state))
        }
        canaries[process.group]?.noteResult(of: process)
        if let left = startPeriodLeft(observation, at: moment) {
            return .hold(.startPeriod(left: left))
        }
        count(observation, isFailure: true)
        records[process, default: ProcessRecord()].failures[observation.check] = reason
        if observation.isPerProcess { records[process]?.isPerProcess = true }
        let ring = records[process]?.rings[observation.check] ?? FailureRing()
        guard ring.reaches(policy.threshold) else {
            return .hold(
                .threshold(failures: ring.failures(for: policy.threshold), policy.threshold))
        }
        return respond(observation, at: moment)
    }

    /// Responds to enough failed checks.
    private mutating func respond(_ observation: Observation, at moment: Moment) -> Decision {
        let process = observation.process
        if policy.action == .alert {
            return .hold(.alertOnly, isAlertDue: isAlertDue(observation, at: moment))
        }
        if let decision = holdForCanary(observation, at: moment) { return decision }
        if let decision = holdForBudget(
            process, observation.check, ignoresWindow: observation.ignoresWindow, at: moment)
        {
            return decision
        }
        if !observation.ignoresWindow, let opens = closedWindow(at: moment) {
            // Another check, which waits for no window, has led to a restart.
            if let record = records[process], record.activity == .waiting, record.ignoresWindow {
                return .nothing
            }
            drop(process)
            let isDue =
                !observation.isWarned && !isTold(process, at: moment)
                && isAlertDue(observation, at: moment)
            return .hold(.window(opens: opens), isAlertDue: isDue)
        }
        if let stopped = stoppedEnough(in: process.group) {
            drop(process)
            return .hold(.group(down: stopped), isAlertDue: isAlertDue(observation, at: moment))
        }
        return enqueue(observation, at: moment)
    }

    private mutating func isAlertDue(_ observation: Observation, at moment: Moment) -> Bool {
        records[observation.process]?.alertedChecks.insert(observation.check)
        return isAlertDue(observation.process, isOfGroup: observation.isOfGroup, at: moment)
    }

    /// Whether an alert that a failing process is not restarted is due, which counts as sent.
    ///
    /// - Parameters:
    ///   - process: The process.
    ///   - isOfGroup: Whether the alert is about its group.
    ///   - moment: The current time.
    /// - Returns: Whether it is due.
    mutating func isAlertDue(_ process: ProcessName, isOfGroup: Bool, at moment: Moment) -> Bool {
        guard isOfGroup else {
            return records[process]?.alerted.isDue(at: moment.instant, every: policy.reminder)
                ?? false
        }
        return groupAlerts[ExactText(process.group), default: Reminder()].isDue(
            at: moment.instant, every: policy.reminder)
    }

    private mutating func enqueue(_ observation: Observation, at moment: Moment) -> Decision {
        let process = observation.process
        let down = down(in: process.group)
        if records[process]?.activity != .waiting {
            let act: RestartStep = policy.action == .stop ? .stop : .restart
            records[process]?.activity = .waiting
            records[process]?.act = act
            records[process]?.check = observation.check
            records[process]?.sites = observation.sites
            records[process]?.ignoresWindow = observation.ignoresWindow
            records[process]?.isWarned = observation.isWarned
            records[process]?.isOfGroup = observation.isOfGroup
            waiting.append(process)
            // One that is stopped for good tests nothing.
            if act == .restart, observation.isPerProcess, canaries[process.group] == nil {
                beginCanary(process)
            }
            return .act(act)
        }
        guard down.count >= policy.maxUnavailable else {
            return delay(of: process).map { .hold($0) } ?? .nothing
        }
        // Starts that fail may keep the group waiting forever.
        let isStuck = down.allSatisfy { records[$0]?.activity == .pendingStart }
        return .hold(
            .group(down: down), isAlertDue: isStuck && isAlertDue(observation, at: moment))
    }

    // MARK: The conditions

    private func startPeriodLeft(_ observation: Observation, at moment: Moment) -> Int? {
        let pretended = records[observation.process]?.pretendedStart.map { start in
            Int((moment.instant - start).components.seconds)
        }
        let uptime = pretended ?? observation.uptime
        guard uptime < policy.startPeriod else { return nil }
        if policy.successEndsStartPeriod, !observation.isShared,
            let pass = passes[observation.check],
            observation.begin - pass < .seconds(uptime)
        {
            return nil
        }
        return policy.startPeriod - uptime
    }

    private mutating func count(_ observation: Observation, isFailure: Bool) {
        let process = observation.process
        // Healthy processes need no record.
        guard isFailure || records[process] != nil else { return }
        var record = records[process] ?? ProcessRecord()
        if record.start != observation.instance.start {
            record.begin(start: observation.instance.start)
            canaries[process.group]?.others.remove(process)
        }
        record.rings[observation.check, default: FailureRing()].add(isFailure: isFailure)
        records[process] = record
    }

    /// Whether an alert about its restart limit has told when it is restarted next, and no one is to
    /// be reminded of it yet.
    private func isTold(_ process: ProcessName, at moment: Moment) -> Bool {
        guard let alert = records[process]?.gaveUp, alert.isActive else { return false }
        return !alert.wouldBeDue(at: moment.instant, every: policy.reminder)
    }

    /// Holds a process whose restart limit is reached.
    ///
    /// The alert about it applies until it may be restarted, which the window may delay further.
    mutating func holdForBudget(
        _ process: ProcessName, _ check: String, ignoresWindow: Bool, at moment: Moment
    ) -> Decision? {
        guard let limit = policy.limit, var record = records[process] else { return nil }
        let wait = record.budget.wait(limit, at: moment.instant)
        guard wait > .zero else {
            let isOpen = ignoresWindow || closedWindow(at: moment) == nil
            if isOpen, record.gaveUp.end() { resolve(process, .restartable) }
            records[process] = record
            return nil
        }
        let isDue = self.isDue(&record.gaveUp, of: process, at: moment)
        record.alertedChecks.insert(check)
        records[process] = record
        drop(process)
        let back = moment + wait
        let opens = ignoresWindow ? nil : closedWindow(at: back)
        return .hold(.budget(limit, back: back.time, window: opens), isAlertDue: isDue)
    }

    /// Whether an alert that restarts do not help is due, which counts as sent.
    ///
    /// One that was resolved since it was sent is active again, but not due before the next
    /// reminder.
    mutating func isDue(
        _ reminder: inout Reminder, of process: ProcessName, at moment: Moment
    ) -> Bool {
        guard !reminder.isDue(at: moment.instant, every: policy.reminder) else { return true }
        if reminder.resume() { returned.insert(process) }
        return false
    }

    func closedWindow(at moment: Moment) -> Timestamp? {
        guard let window = policy.window, !window.isOpen(at: moment.time, by: clock) else {
            return nil
        }
        return window.opening(after: moment.time, by: clock)
    }

    // MARK: Notes

    mutating func note(
        _ decision: Decision, _ process: ProcessName, after previous: HoldReason?
    ) -> Decision {
        switch decision {
        case .hold(let reason, _, let isAlertDue):
            records[process, default: ProcessRecord()].hold = reason
            return .hold(reason, isNew: !reason.isSame(as: previous), isAlertDue: isAlertDue)
        case .act, .cancel:
            records[process]?.hold = nil
            records[process]?.formerHold = previous
            return decision
        case .nothing:
            return decision
        }
    }

    /// Removes a process from the queue.
    mutating func drop(_ process: ProcessName) {
        guard records[process]?.activity == .waiting else { return }
        records[process]?.activity = .idle
        waiting.removeAll { $0 == process }
        if isUndecidedCanary(process) { canaries[process.group] = nil }
    }
}

// The process of a group that is restarted first, as a test.

internal import ListenerProtocol
internal import System
internal import Text

extension RestartLedger {
    /// Whether the others of its group wait for a process to become well.
    func isRestartedFirst(_ process: ProcessName) -> Bool {
        canaries[process.group]?.process == process
    }

    /// Whether the others of its group wait, and its restart has not failed.
    func isUndecidedCanary(_ process: ProcessName) -> Bool {
        isRestartedFirst(process) && canaries[process.group]?.hasFailed == false
    }

    /// Restarts a process first; the others that fail wait for it.
    mutating func beginCanary(_ process: ProcessName) {
        var canary = canaries.begin(process)
        canary.others = Set(
            records.filter { other, record in
                other != process && other.group.isExactly(process.group) && record.isPerProcess
                    && isFailing(record)
            }.keys)
        canaries[process.group] = canary
    }

    private func isFailing(_ record: ProcessRecord) -> Bool {
        record.failures.keys.contains { check in
            record.rings[check]?.reaches(policy.threshold) == true
        }
    }

    /// Allows the next process of a group to be tried.
    mutating func endCanary(_ group: String, _ end: AlertEnd) {
        if let process = canaries.end(group) { resolve(process, end) }
    }

    /// Waits for the next check of a process that another client has started: that is the test now.
    ///
    /// Restarting another one meanwhile would leave two of the group without service.
    mutating func repeatTest(of process: ProcessName) {
        guard var canary = canaries[process.group] else { return }
        if canary.reminder.pause() { resolve(process, .started) }
        canary = Canary(process: process, others: canary.others, reminder: canary.reminder)
        canaries[process.group] = canary
    }

    /// Allows the next process of its group to be restarted after this one has passed the check that
    /// led to its restart.
    mutating func passCanary(_ process: ProcessName, _ check: String) {
        if isRestartedFirst(process) {
            if records[process]?.check == check { endCanary(process.group, .recovered) }
        } else {
            canaries[process.group]?.others.remove(process)
        }
    }

    /// Records the outcome of its restart.
    mutating func finishCanary(_ process: ProcessName, _ outcome: RestartOutcome) {
        guard isRestartedFirst(process) else { return }
        if case .startFailed = outcome {
            canaries[process.group]?.hasFailed = true
        } else if outcome == .dryRun {
            // What was not restarted shows nothing.
            endCanary(process.group, .restartable)
        } else if !outcome.isCharged && isUndecidedCanary(process) {
            canaries[process.group] = nil
        } else if outcome == .restarted, canaries[process.group]?.hasFailed == true {
            canaries[process.group]?.isRestartedAgain = true
        }
    }

    /// Records a new start of it.
    ///
    /// Its next check decides whether the others are restarted. The listener's own restart
    /// after a failed check changes nothing, as the others might otherwise always be checked before
    /// it fails again, and no alert would say why they wait.
    mutating func noteStart(ofCanary process: ProcessName, in state: ProcessState) {
        guard isRestartedFirst(process), var canary = canaries[process.group] else { return }
        if canary.isRestartedAgain {
            canary.isRestartedAgain = false
        } else if state == .running {
            canary.hasFailed = false
        }
        canaries[process.group] = canary
    }

    /// Records its state after its restart: a process that is down is not checked, so its group
    /// would wait forever.
    mutating func look(atCanary process: ProcessName, in state: ProcessState, begin: Instant) {
        guard isRestartedFirst(process), var canary = canaries[process.group] else {
            return
        }
        canary.state = state
        switch state {
        case .stopped: return endCanary(process.group, .settled(.stopped))
        case .fatal: canary.hasFailed = true
        case .exited, .backoff, .unknown:
            if canary.lastLook.map({ $0 < begin }) ?? true { canary.downCount += 1 }
            canary.lastLook = begin
            if canary.downCount >= Canary.downLimit { canary.hasFailed = true }
        case .running: canary.downCount = 0
        case .starting, .stopping: break
        }
        canaries[process.group] = canary
    }

    /// Records that its check has no result: its group does not wait for one forever.
    mutating func noteUnknown(_ process: ProcessName) {
        guard isUndecidedCanary(process), records[process]?.activity == .idle,
            var canary = canaries[process.group]
        else { return }
        canary.unknownCount += 1
        canaries[process.group] = canary
        if canary.unknownCount >= Canary.unknownLimit { endCanary(process.group, .restartable) }
    }

    mutating func holdForCanary(_ observation: Observation, at moment: Moment) -> Decision? {
        let process = observation.process
        guard observation.isPerProcess, var canary = canaries[process.group] else {
            return nil
        }
        if canary.process == process {
            // It was restarted and fails again.
            if records[process]?.activity == .idle {
                canaries[process.group]?.hasFailed = true
                canaries[process.group]?.failures = records[process]?.failures ?? [:]
            }
            return nil
        }
        // The failures of a silenced process do not count, so nothing would decide about it.
        if records[canary.process]?.activity == .idle,
            silence.end(for: canary.process, at: moment.time) != nil
        {
            endCanary(process.group, .restartable)
            return nil
        }
        canary.others.insert(process)
        var isDue = false
        if canary.hasFailed {
            isDue = self.isDue(&canary.reminder, of: canary.process, at: moment)
        }
        canaries[process.group] = canary
        drop(process)
        return canary.hasFailed
            ? .hold(.canaryFailed(canary.process, others: canary.others.count), isAlertDue: isDue)
            : .hold(.canary(canary.process))
    }
}

internal import Alerting
internal import ListenerProtocol
internal import System

/// Decides who is alerted about sites that fail and recover, and when, and sends the alerts.
final class SiteAlerts {
    private unowned let runtime: Runtime
    private let options: HTTPOkOptions
    /// The last results of each site, to decide when an alert is due.
    private var rings: [String: FailureRing] = [:]
    /// The alerts about each site that fails.
    private var reminders: [String: Reminder] = [:]
    /// The failing checks, as alerts have them.
    private var failing: [String: FailingCheck] = [:]
    /// The outages of each URL.
    private var outages: [String: Outage] = [:]
    /// When each URL has last failed or passed its check.
    private var checked: [String: Timestamp] = [:]

    /// A failing check, as alerts have it: sites that differ only in their queries have one alert.
    private struct FailingCheck {
        /// The URL.
        let label: String
        /// The process, if there is exactly one.
        var process: ProcessName?
        /// The processes of the check; empty for those that the options select.
        let processes: [ProcessName]
        /// Whether the check is made only while its process is RUNNING.
        let isPerProcess: Bool
    }

    /// When a URL began to fail, and when it was last healthy although failures are only counted.
    private struct Outage {
        var begin: Timestamp?
        var interruption: Timestamp?
        /// How many checks have failed since the start.
        var failures = 0

        /// When the outage began that is reported now.
        ///
        /// - Parameter first: The time of its first mail.
        /// - Returns: The time; nil for that of the mail.
        func latestBegin(after first: Timestamp) -> Timestamp? {
            interruption.map { $0 > first } == true ? begin : nil
        }
    }

    /// Prepares the alerts.
    ///
    /// - Parameters:
    ///   - options: The command line.
    ///   - runtime: The runtime, which outlives this.
    init(_ options: HTTPOkOptions, _ runtime: Runtime) {
        self.options = options
        self.runtime = runtime
    }

    // MARK: Failures

    /// Records that a check failed, before the state of its processes is known.
    func noteFailure(of result: CheckResult) {
        let process = failing[result.identity]?.process
        failing[result.identity] = FailingCheck(
            label: result.label, process: process, processes: result.processes,
            isPerProcess: result.isPerProcess)
        checked[result.label] = .now
        let outage = outages[result.label] ?? Outage()
        outages[result.label] = Outage(
            begin: outage.begin ?? .now, interruption: outage.interruption,
            failures: outage.failures.addingSaturated(1))
    }

    /// Counts a failed check.
    func count(_ result: CheckResult) {
        rings[result.identity, default: FailureRing()].add(isFailure: true)
    }

    /// Whether as many checks have failed as the policy requires.
    func reachesThreshold(_ result: CheckResult) -> Bool {
        rings[result.identity]?.reaches(options.policy.threshold) == true
    }

    /// Whether two checks in a row have failed.
    func hasFailedTwice(_ result: CheckResult) -> Bool {
        let twice = FailureThreshold(failures: 2, checks: 2)
        return rings[result.identity]?.reaches(twice) == true
    }

    /// Whether an alert that nothing is restarted would be due.
    func mayRemind(of result: CheckResult) -> Bool {
        let reminder = reminders[result.identity] ?? Reminder()
        return reminder.wouldBeDue(at: .now, every: options.policy.reminder)
    }

    /// The process that alerts about a failing check have while its processes cannot be asked for.
    func process(of result: CheckResult) -> ProcessName? {
        let known = failing[result.identity]?.process
        return known ?? (result.processes.count == 1 ? result.processes[0] : nil)
    }

    /// Notes the process that alerts about a failing check have, which may differ from before.
    func note(_ process: ProcessName?, of result: CheckResult) {
        guard let known = failing[result.identity], known.process != process else { return }
        failing[result.identity]?.process = process
        resolve(known, options.check(of: result))
    }

    /// Who has to know that a site fails although its process is left alone.
    func urgency(
        _ reason: HoldReason, _ result: CheckResult, _ isAlertDue: Bool
    ) -> SiteReport.Urgency {
        switch reason {
        case .ownListener, .state, .silenced, .startPeriod, .threshold: return .none
        // The process waits for its turn, or an alert about its group is sent.
        case .canary, .canaryFailed, .site, .concurrency: return .state
        // The turn may never come, if the other one stays down.
        case .group: return isAlertDue ? .reminder : .state
        case .budget:
            guard isAlertDue else {
                // The reminder that restarts do not help has all checks that fail.
                return reminders[result.identity]?.isActive == true ? .state : .reminder
            }
            // The alert that restarts do not help has the failed checks.
            reminders[result.identity, default: Reminder()].note(at: .now)
            return .state
        case .window, .alertOnly, .postponed: return .reminder
        }
    }

    // MARK: Sending

    /// Reports a failed site, with others that failed before the restart for this one.
    func post(_ report: SiteReport) {
        guard isDue(report) else {
            show(report)
            for other in report.joined {
                var other = other
                other.urgency = .reminder
                post(other)
            }
            return
        }
        var reports = [report]
        for other in report.joined {
            var other = other
            // Until then it was being restarted.
            other.incident.diagnostics?.state = report.incident.diagnostics?.state
            reminders[other.identity, default: Reminder()].note(at: .now)
            reports.append(other)
        }
        send(reports.filter { runtime.alerts.admits($0.incident) })
    }

    private func send(_ reports: [SiteReport]) {
        guard let first = reports.first else { return }
        let incidents = reports.map(\.incident)
        runtime.alerts.postAdmitted(
            Alert(
                subject: first.subject, body: incidents.map(\.text).joined(separator: "\n\n"),
                time: first.incident.time, incidents: incidents))
    }

    /// Whether people are to know of a failed site now, which counts as sent.
    private func isDue(_ report: SiteReport) -> Bool {
        switch report.urgency {
        case .none, .state: return false
        case .reminder:
            return reminders[report.identity, default: Reminder()].isDue(
                at: .now, every: options.policy.reminder)
        case .action:
            reminders[report.identity, default: Reminder()].note(at: .now)
            return true
        }
    }

    /// Shows channels that track resolution that a site fails.
    private func show(_ report: SiteReport) {
        let incident = report.incident
        guard report.urgency != .none,
            runtime.alerts.activeAlerts?.isActive(incident) == false
        else { return }
        runtime.alerts.postToStatefulChannels(
            Alert(
                subject: report.subject, body: incident.text, time: incident.time,
                incidents: [incident]))
    }

    /// The state now of the URL of a counted incident, as a clause; nil if unknown.
    func presentState(of incident: Incident) -> String? {
        guard let url = incident.check?.url, incident.notice == nil, let time = checked[url] else {
            return nil
        }
        guard failing.values.contains(where: { $0.label == url }) else { return "healthy again" }
        // What was done after the last failed check is the newest that is known.
        let state = time <= incident.time ? incident.diagnostics?.state : nil
        return state ?? "still failing"
    }

    // MARK: Recovery

    /// Records that a check passed.
    func notePass(of result: CheckResult) {
        checked[result.label] = .now
        rings[result.identity]?.add(isFailure: false)
        if rings[result.identity]?.failures(for: options.policy.threshold) == 0 {
            rings[result.identity] = nil
        }
        reminders[result.identity] = nil
    }

    /// Forgets the counts of checks that pass and are not made any more, such as those of a process
    /// that was removed.
    ///
    /// - Parameter isMade: Whether a check is made.
    func removeCounts(unless isMade: (String) -> Bool) {
        rings = rings.filter { isMade($0.key) || failing[$0.key] != nil }
    }

    /// Reports that a check passed: resolves its alerts, and reports the recovery if its failure was
    /// reported.
    func reportRecovery(of result: CheckResult) {
        resolve(failing.removeValue(forKey: result.identity), options.check(of: result))
        let topic = AlertTopic.url(options.check(of: result))
        // Sites that differ only in their queries have the same thread.
        guard !failing.values.contains(where: { $0.label == result.label }) else { return }
        let processes = recoveredProcesses(result)
        guard options.reportsRecovery, runtime.alerts.threads.thread(of: topic) != nil else {
            runtime.alerts.threads.end(topic)
            outages[result.label] = Outage(interruption: .now)
            for process in processes { reportRecovery(of: result, in: .process(process)) }
            return
        }
        let outage = outages.removeValue(forKey: result.label)
        // One reply is enough.
        for process in processes {
            runtime.alerts.threads.end(.process(process))
            runtime.alerts.flood.noteRecovery(of: .process(process))
        }
        reportRecovery(of: result, in: topic, outage, failures: "failures")
    }

    /// Whether a check fails that has processes of its own, which may be removed.
    var hasKnownProcesses: Bool {
        failing.values.contains { !$0.processes.isEmpty }
    }

    /// Ends the alerts about failing checks that are no longer made.
    ///
    /// - Parameter isGone: Whether a check is no longer made because of a process; the second
    ///   argument is whether it is for that process only.
    func endChecks(where isGone: (ProcessName, Bool) -> Bool) {
        for (identity, check) in failing
        where !check.processes.isEmpty
            && check.processes.allSatisfy({ isGone($0, check.isPerProcess) })
        {
            failing[identity] = nil
            rings[identity] = nil
            reminders[identity] = nil
            resolve(check, Incident.Check(url: check.label, name: options.name), as: .unchecked)
        }
    }

    /// Ends the alerts of an earlier run whose checks had another name.
    func endRenamedAlerts() {
        guard let activeAlerts = runtime.alerts.activeAlerts else { return }
        for alert in activeAlerts.failedChecks where alert.check.name != options.name {
            activeAlerts.resolve(alert.check, as: .unchecked)
        }
    }

    /// The active alerts about checks that have not failed in this run, but in an earlier one.
    var earlierAlerts: [EarlierAlert] {
        let known = Set(failing.values.map { EarlierAlert(url: $0.label, process: $0.process) })
        let active = runtime.alerts.activeAlerts?.failedChecks ?? []
        return active.map { EarlierAlert(url: $0.check.url, process: $0.process) }
            .filter { !known.contains($0) }
    }

    /// Ends an alert of an earlier run.
    func end(_ alert: EarlierAlert) {
        let check = Incident.Check(url: alert.url, name: options.name)
        runtime.alerts.activeAlerts?.resolve(check, as: .unchecked) { $0 == alert.process }
    }

    /// Reports the end of an outage in the thread of its first mail.
    private func reportRecovery(
        of result: CheckResult, in topic: AlertTopic, _ outage: Outage? = nil,
        failures: String? = nil
    ) {
        let end = Timestamp.now
        runtime.alerts.flood.reportNow([topic]) { [unowned self] in
            guard let thread = runtime.alerts.threads.end(topic) else { return }
            let message = "\(result.target) is healthy again"
            runtime.log.write(.info, message)
            let report = RecoveryReport(
                thread: thread, end: end,
                latestBegin: outage?.latestBegin(after: thread.first.start), failures: failures,
                failureCount: outage?.failures ?? 0)
            runtime.alerts.post(report.alert(message))
        }
    }

    /// The processes that were reported because they are not restarted, and no check of which fails
    /// any more.
    private func recoveredProcesses(_ result: CheckResult) -> [ProcessName] {
        let threads = runtime.alerts.threads
        return threads.processes.filter { process in
            let kind = threads.thread(of: .process(process))?.first.kind
            return (kind == .gaveUp || kind == .unhealthy) && concerns(result.processes, process)
                && !failing.values.contains { concerns($0.processes, process) }
        }.sorted { "\($0)" < "\($1)" }
    }

    /// Whether a check with these processes is about a process.
    private func concerns(_ processes: [ProcessName], _ process: ProcessName) -> Bool {
        processes.isEmpty ? options.selection.selects(process) : processes.contains(process)
    }

    /// Resolves the alerts that no failing check keeps active.
    ///
    /// - Parameters:
    ///   - ended: How alerts have had the check until now; nil if that is not known.
    ///   - check: The check, as alerts have it.
    ///   - end: Why the alerts no longer apply.
    private func resolve(
        _ ended: FailingCheck?, _ check: Incident.Check, as end: AlertEnd = .recovered
    ) {
        let others = failing.values.filter { $0.label == check.url }
        runtime.alerts.activeAlerts?.resolve(check, as: end) { process in
            guard !others.isEmpty else { return true }
            return process == ended?.process && !others.contains { $0.process == process }
        }
    }
}

extension HTTPOkOptions {
    /// The check of a result, as alerts have it.
    func check(of result: CheckResult) -> Incident.Check {
        Incident.Check(url: result.label, name: name)
    }
}

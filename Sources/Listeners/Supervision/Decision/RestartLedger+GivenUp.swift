// Alerts that restarts do not help, over a restart of the listener.

internal import ListenerProtocol
internal import System

extension RestartLedger {
    /// How long the checks of an earlier run are awaited; then they are no longer made.
    private static let restoreTimeout = Duration.seconds(300)

    /// The active alerts that restarts do not help.
    var givenUpAlerts: [GivenUpAlert] {
        givenUp.compactMap { process in
            let canary = canaries.all.first { $0.process == process }
            let reminders = [records[process]?.gaveUp, canary?.reminder]
            guard let last = reminders.lazy.compactMap({ $0 }).first(where: \.isActive)?.last else {
                return nil
            }
            let record = records[process] ?? ProcessRecord()
            // A check of an earlier instance has no text.
            let earlier = Dictionary(uniqueKeysWithValues: record.alertedChecks.map { ($0, "") })
            return GivenUpAlert(
                process: process, last: last, start: record.start,
                failures: record.failures.merging(earlier) { text, _ in text })
        }
    }

    /// Restores an alert of an earlier run: it is active until the failed checks pass.
    mutating func restore(_ alert: GivenUpAlert, at moment: Moment) {
        var record = records[alert.process] ?? ProcessRecord()
        record.gaveUp = Reminder(last: alert.last)
        record.restored = moment.instant
        record.start = alert.start
        record.failures = alert.failures.filter { !$0.value.isEmpty }
        record.alertedChecks = Set(alert.failures.keys)
        records[alert.process] = record
    }

    /// The checks of an earlier run that have to pass before its alerts are resolved, and that this run
    /// has not made yet.
    var earlierChecks: Set<String> {
        records.values.reduce(into: []) { checks, record in
            guard record.restored != nil, record.gaveUp.isActive else { return }
            checks.formUnion(record.failures.keys.filter { record.rings[$0] == nil })
            checks.formUnion(record.alertedChecks.filter { record.rings[$0] == nil })
        }
    }

    /// Forgets checks of an earlier run that this one does not make.
    ///
    /// The alerts are resolved when another check passes.
    mutating func endEarlierChecks(_ checks: Set<String>) {
        for (process, record) in records where record.restored != nil && record.gaveUp.isActive {
            records[process]?.failures = record.failures.filter { !checks.contains($0.key) }
            records[process]?.alertedChecks.subtract(checks)
        }
    }

    /// Resolves the alerts of an earlier run about processes that this one does not watch.
    mutating func endEarlierAlerts(unless isWatched: (ProcessName) -> Bool) {
        for (process, record) in records
        where record.restored != nil && record.gaveUp.isActive && !isWatched(process) {
            _ = records[process]?.gaveUp.end()
            resolve(process, .unchecked)
        }
    }

    /// Drops the failures of checks that an earlier run has made and this one does not make.
    func withoutFormerChecks(_ record: ProcessRecord, at moment: Moment) -> ProcessRecord {
        guard let restored = record.restored, moment.instant - restored > Self.restoreTimeout else {
            return record
        }
        var record = record
        record.failures = record.failures.filter { record.rings[$0.key] != nil }
        record.alertedChecks.formIntersection(
            Array(record.rings.keys) + [ProcessRecord.startCheck])
        return record
    }
}

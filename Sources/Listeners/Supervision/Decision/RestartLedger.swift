internal import ListenerProtocol
internal import System
internal import Text

/// The state of all processes and the restart rules.
///
/// A value without clocks, files and processes: events are passed to it, and it returns decisions.
struct RestartLedger: Sendable {
    let policy: RestartPolicy
    /// The listener itself; it never acts on itself.
    var own: ProcessName?
    /// The clock for windows.
    var clock = LocalClock.system
    /// The processes that are silenced.
    var silence = Silence.none

    var records: [ProcessName: ProcessRecord] = [:]
    /// When each check last passed.
    var passes: [String: Instant] = [:]
    /// The queued processes, in order.
    var waiting: [ProcessName] = []
    /// The processes that are restarted first.
    var canaries = Canaries()
    /// The alerts about checks of whole groups, by group.
    var groupAlerts: [ExactText: Reminder] = [:]
    /// The processes whose alert that restarts do not help is resolved, with the reason.
    private var resolved: [ProcessName: AlertEnd] = [:]
    /// The processes whose alert that restarts do not help is active again.
    var returned: Set<ProcessName> = []

    init(_ policy: RestartPolicy) {
        self.policy = policy
    }

    /// Returns the processes whose alert that restarts do not help is resolved since the last call,
    /// with the reason.
    ///
    /// A process may have two of them, about its restart limit and about the test of its group, which
    /// are one alert in Alertmanager: it is active until both have ended.
    mutating func takeResolved() -> [ProcessName: AlertEnd] {
        defer { resolved = [:] }
        let active = Set(givenUp).intersection(resolved.keys)
        // It had the words of the one that has ended.
        returned.formUnion(active)
        return resolved.filter { !active.contains($0.key) }
    }

    /// Whether the alert that restarts do not help a process has become active again since the last
    /// call, although no one is to be reminded of it yet.
    mutating func takeReturn(of process: ProcessName) -> Bool {
        returned.remove(process) != nil
    }

    /// When the restart limit allows another restart of a process; nil if it does now.
    func limitEnd(of process: ProcessName, at moment: Moment) -> Timestamp? {
        guard let limit = policy.limit,
            let wait = records[process]?.budget.wait(limit, at: moment.instant), wait > .zero
        else { return nil }
        return moment.time(of: moment.instant + wait)
    }

    /// The processes with an active alert that restarts do not help, each once.
    var givenUp: [ProcessName] {
        let tests = canaries.all.filter(\.reminder.isActive).map(\.process)
        return Set(records.filter { $0.value.gaveUp.isActive }.map(\.key) + tests)
            .sorted { $0.qualifiedName < $1.qualifiedName }
    }

    /// The failing processes that are left alone, each with the reason.
    var held: [ProcessName: HoldReason] { records.compactMapValues(\.hold) }

    // MARK: Events

    /// Records the state of a process.
    mutating func see(_ instance: ProcessInstance, _ state: ProcessState, begin: Instant) {
        let process = instance.process
        guard var record = records[process], !isStale(begin, record) else { return }
        // Changes during our own action are caused by it.
        guard record.activity == .idle || record.activity == .waiting else { return }
        var wasStopped = false
        if record.start != instance.start {
            record.begin(start: instance.start)
            canaries[process.group]?.others.remove(process)
            noteStart(ofCanary: process, in: state)
            if [.starting, .backoff, .running].contains(state) {
                wasStopped = record.isStopped
                if record.noteUp() { resolve(process, .started) }
            }
        }
        if state != .running { record.hold = nil }
        // An earlier run ended before its stop was carried out.
        if state == .running { record.endStop() }
        records[process] = record
        if record.activity == .idle { look(atCanary: process, in: state, begin: begin) }
        // Another client stopped or started it; the listener's own stop does not count.
        if state == .stopped && !record.isStopped {
            clear(process, .settled(.stopped))
        } else if wasStopped {
            clear(process, .started)
        }
    }

    /// Resets a process that another client stopped or started: its decision takes precedence.
    ///
    /// - Parameters:
    ///   - process: The process.
    ///   - end: What that client did.
    mutating func clear(_ process: ProcessName, _ end: AlertEnd) {
        guard var record = records[process] else { return }
        record.budget.empty()
        record.rings = [:]
        record.hold = nil
        record.alertedChecks = []
        _ = record.alerted.end()
        if record.gaveUp.end() { resolve(process, end) }
        records[process] = record
        if isRestartedFirst(process) {
            if end == .started { repeatTest(of: process) } else { endCanary(process.group, end) }
        }
        canaries.forget(process)
        forgetIfPossible(process)
    }

    /// Records that the listener has requested a start.
    mutating func noteRequestedStart(of process: ProcessName, at moment: Moment) {
        records[process]?.ownStarts.request(at: moment.time)
    }

    /// Records a STARTING event.
    ///
    /// The start was requested by another client if it is not the listener's own, and if
    /// supervisord itself does not start a process in this state.
    mutating func noteStart(of process: ProcessName, from state: ProcessState) {
        guard [.stopped, .fatal].contains(state), let record = records[process] else { return }
        let isActing = [.acting, .pendingStart].contains(record.activity)
        guard records[process]?.ownStarts.note(whileActing: isActing) == false else { return }
        if records[process]?.noteUp() == true { resolve(process, .started) }
        clear(process, .started)
    }

    /// Records a tick, which ends the wait for earlier events.
    ///
    /// - Parameter time: When it was sent, in seconds since 1970.
    mutating func noteTick(sent time: Int) {
        for process in records.keys { records[process]?.ownStarts.noteTick(sent: time) }
    }

    /// Removes the processes that no longer exist.
    mutating func removeProcesses(unless isKnown: (ProcessName) -> Bool) {
        for (process, record) in records where !isKnown(process) {
            guard [.idle, .waiting].contains(record.activity) else { continue }
            if record.gaveUp.isActive { resolve(process, .settled(.removed)) }
            records[process] = nil
            waiting.removeAll { $0 == process }
            if isRestartedFirst(process) { endCanary(process.group, .settled(.removed)) }
            canaries.forget(process)
        }
    }

    /// Whether what was seen of a process says nothing: it is being restarted, or was since.
    func isUnsettled(_ process: ProcessName, since begin: Instant) -> Bool {
        guard let record = records[process] else { return false }
        return [.acting, .pendingStart].contains(record.activity) || isStale(begin, record)
    }

    /// Whether a process waits for its turn because of a check.
    func isWaiting(_ process: ProcessName, for check: String) -> Bool {
        records[process].map { $0.activity == .waiting && $0.check == check } ?? false
    }

    /// Whether a check began during the restart of a process, which may be why it failed.
    ///
    /// - Parameters:
    ///   - process: The process.
    ///   - begin: When the check began.
    /// - Returns: Whether it did.
    func isDisturbed(_ process: ProcessName, by begin: Instant) -> Bool {
        guard let record = records[process], record.activity == .acting else { return false }
        return record.actingSince.map { begin >= $0 } ?? false
    }

    // MARK: Inside

    mutating func resolve(_ process: ProcessName, _ end: AlertEnd) {
        resolved[process] = resolved[process] ?? end
    }

    mutating func forgetIfPossible(_ process: ProcessName) {
        // The check that led to its restart has to find it.
        guard records[process]?.isForgettable(policy.threshold) == true, !isRestartedFirst(process)
        else { return }
        records[process] = nil
    }

    /// Whether a check began before the end of the last restart.
    func isStale(_ begin: Instant, _ record: ProcessRecord) -> Bool {
        record.change.map { begin < $0 } ?? false
    }
}

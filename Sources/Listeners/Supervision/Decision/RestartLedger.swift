// What is remembered of all processes, and what is being done about them.

internal import ListenerProtocol
internal import System
internal import Text

/// What is remembered of all processes, and what is being done about them.
///
/// A value without clocks, files and processes: what happens is told to it, and what to do is asked
/// of it.
struct RestartLedger: Sendable {
    let policy: RestartPolicy
    /// The listener itself, which is never acted upon.
    var own: ProcessName?
    /// The clock for windows.
    var clock = LocalClock.system
    /// Which processes are left alone.
    var silence = Silence.none

    var records: [ProcessName: ProcessRecord] = [:]
    /// When each check passed the last time.
    var passes: [String: Instant] = [:]
    /// Those that are to be restarted, in turn.
    var waiting: [ProcessName] = []
    /// Those of their groups that are restarted first.
    var canaries: [ExactText: Canary] = [:]
    /// Those whose spent budget, of which was told, matters no more.
    private(set) var resolved: Set<ProcessName> = []

    init(_ policy: RestartPolicy) {
        self.policy = policy
    }

    /// Those about which was told that restarts have not helped, and which are well again, may be
    /// restarted again or have been started by somebody.
    mutating func takeResolved() -> Set<ProcessName> {
        defer { resolved = [] }
        return resolved
    }

    /// The processes that were given up for the time being.
    var givenUp: [ProcessName] {
        records.filter { $0.value.gaveUp.isActive }.map(\.key)
            + canaries.values.filter(\.reminder.isActive).map(\.process)
    }

    /// Those that fail their checks and are left alone, each with the reason.
    var held: [ProcessName: HoldReason] { records.compactMapValues(\.hold) }

    // MARK: What happens

    /// Notes how a process is.
    mutating func see(_ instance: ProcessInstance, _ state: ProcessState, begin: Instant) {
        let process = instance.process
        guard var record = records[process], !isStale(begin, record) else { return }
        // What happens while we act is our doing.
        guard record.activity == .idle || record.activity == .waiting else { return }
        if record.start != instance.start { record.begin(start: instance.start) }
        if state != .running { record.hold = nil }
        records[process] = record
        if canaries[ExactText(process.group)]?.process == process {
            if state == .fatal { canaries[ExactText(process.group)]?.hasFailed = true }
            if state == .stopped { endCanary(process.group) }
        }
        if state == .stopped { clear(process) }
    }

    /// Notes that somebody else stopped or started a process: a person knows better.
    mutating func clear(_ process: ProcessName) {
        guard var record = records[process] else { return }
        record.budget.empty()
        record.rings = [:]
        record.hold = nil
        _ = record.alerted.end()
        if record.gaveUp.end() { resolved.insert(process) }
        records[process] = record
        forgetIfPossible(process)
    }

    /// Notes a STARTING that is not ours from a state that only a person ends.
    mutating func noteStart(of process: ProcessName, from state: ProcessState) {
        guard [.stopped, .fatal].contains(state),
            [.idle, .waiting].contains(records[process]?.activity)
        else { return }
        clear(process)
    }

    /// Forgets the processes that supervisord does not have any more.
    mutating func keep(_ isKnown: (ProcessName) -> Bool) {
        for (process, record) in records where !isKnown(process) {
            guard [.idle, .waiting].contains(record.activity) else { continue }
            if record.gaveUp.isActive { resolved.insert(process) }
            records[process] = nil
            waiting.removeAll { $0 == process }
            if canaries[ExactText(process.group)]?.process == process { endCanary(process.group) }
        }
    }

    // MARK: Inside

    /// The next one of a group may be tried.
    mutating func endCanary(_ group: String) {
        guard var canary = canaries.removeValue(forKey: ExactText(group)) else { return }
        if canary.reminder.end() { resolved.insert(canary.process) }
    }

    mutating func resolve(_ process: ProcessName) {
        resolved.insert(process)
    }

    mutating func forgetIfPossible(_ process: ProcessName) {
        guard records[process]?.isForgettable(policy.threshold) == true else { return }
        records[process] = nil
    }

    /// Whether a check began before the last restart was over.
    func isStale(_ begin: Instant, _ record: ProcessRecord) -> Bool {
        record.change.map { begin < $0 } ?? false
    }
}

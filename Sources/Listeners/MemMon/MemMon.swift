// memmon: restarts processes that hold too much memory.

internal import Alerting
internal import EventLoop
internal import ListenerProtocol
internal import SupervisorRPC
internal import System

/// Restarts processes that hold too much memory.
///
/// On each tick a worker looks at all processes; each that is over its limit is restarted by a
/// worker of its own, so that one which takes long, or cannot be stopped at all, costs only itself.
final class MemMonListener: Listener {
    private unowned let runtime: Runtime
    private let options: MemMonOptions
    private let client: SupervisorClient
    private let own: ProcessName?
    private let owed: PendingStarts
    private var isChecking = false
    private var history = MemoryHistory()
    private var waiting: [LimitViolation] = []
    private var restarting: Set<ProcessName> = []
    /// Those whose restart has ended since the check that is under way began: it may have seen them
    /// as they were before.
    private var renewed: Set<ProcessName> = []

    /// The most restarts at once.
    private static let concurrency = 8

    /// Makes the listener.
    ///
    /// - Parameters:
    ///   - options: The command line.
    ///   - own: The listener's own name.
    ///   - client: The way to supervisord.
    ///   - runtime: The program, which outlives the listener.
    init(
        _ options: MemMonOptions, own: ProcessName?, _ client: SupervisorClient, _ runtime: Runtime
    ) {
        self.options = options
        self.runtime = runtime
        self.client = client
        self.own = own
        owed = PendingStarts(client: client)
        guard options.limits.isEmpty else { return }
        runtime.log.note("no limit is given, so that nothing is watched: add -p, -g or -a")
    }

    func handle(_ content: EventContent, of name: EventName) {
        guard case .tick = content, !options.limits.isEmpty else { return }
        owed.tick(runtime)
        check()
    }

    /// Looks at all processes, unless it is still looking: ticks that come meanwhile ask for the
    /// same.
    private func check() {
        guard !isChecking else { return }
        isChecking = true
        renewed = []
        let check = MemoryCheck(
            client: client, limits: options.limits, isCumulative: options.isCumulative, own: own,
            log: runtime.log)
        runtime.workers.run(deadline: .seconds(60), endsWithProgram: true) {
            check.run()
        } completion: { [unowned self] records in
            isChecking = false
            history.note(records.all(MemorySample.self), at: .now)
            noteRecoveries(records)
            for violation in records.all(LimitViolation.self) {
                guard !renewed.contains(violation.process),
                    restarting.insert(violation.process).inserted
                else { continue }
                waiting.append(violation)
            }
            restartNext()
        }
    }

    /// Those that were told of and hold less now are well again.
    private func noteRecoveries(_ records: WorkerRecords) {
        // Nothing at all was seen when supervisord did not answer.
        guard records.first(MemorySample.self) != nil else { return }
        let violations = Set(records.all(LimitViolation.self).map(\.process)).union(
            restarting)
        runtime.alerts.activeAlerts?.resolve { kind, process in
            kind == .memory && process.map(violations.contains) != true
        }
    }

    private func restartNext() {
        while restarting.count - waiting.count < Self.concurrency && !waiting.isEmpty {
            restart(waiting.removeFirst())
        }
    }

    private func restart(_ violation: LimitViolation) {
        let task = MemoryRestart(
            violation: violation, samples: history.samples(of: violation.pid), client: client,
            options: options, log: runtime.log)
        runtime.workers.run(deadline: .seconds(240), endsWithProgram: false) {
            task.run()
        } completion: { [unowned self] records in
            restarting.remove(violation.process)
            renewed.insert(violation.process)
            owed.note(records.lines) { _ in task.tellLateRestart() }
            restartNext()
        }
    }
}

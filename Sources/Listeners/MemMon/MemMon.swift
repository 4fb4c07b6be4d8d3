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

    init(_ settings: Settings) throws(UsageError) {
        options = try MemMonOptions(settings)
        client = try settings.client()
        own = settings.host.own
        owed = PendingStarts(client: client)
    }

    func handle(_ content: EventContent, of name: EventName, by runtime: Runtime) {
        guard case .tick = content, !options.limits.isEmpty else { return }
        owed.tick(runtime)
        check(runtime)
    }

    func begin(_ runtime: Runtime) {
        guard options.limits.isEmpty else { return }
        runtime.log.note("no limit is given, so that nothing is watched: add -p, -g or -a")
    }

    /// Looks at all processes, unless it is still looking: ticks that come meanwhile ask for the
    /// same.
    private func check(_ runtime: Runtime) {
        guard !isChecking else { return }
        isChecking = true
        renewed = []
        let check = MemoryCheck(
            client: client, limits: options.limits, isCumulative: options.isCumulative, own: own,
            log: runtime.log)
        runtime.work(deadline: .seconds(60), endsWithProgram: true) {
            check.run()
        } completion: { [unowned self] records, _ in
            isChecking = false
            history.note(records, at: .now)
            noteRecoveries(records, runtime)
            for violation in records.compactMap(LimitViolation.init) {
                guard !renewed.contains(violation.process),
                    restarting.insert(violation.process).inserted
                else { continue }
                waiting.append(violation)
            }
            restartNext(runtime)
        }
    }

    /// Those that were told of and hold less now are well again.
    private func noteRecoveries(_ records: [[String]], _ runtime: Runtime) {
        // Nothing at all was seen when supervisord did not answer.
        guard records.contains(where: { $0.first == MemoryHistory.record }) else { return }
        let violations = Set(records.compactMap(LimitViolation.init).map(\.process)).union(
            restarting)
        runtime.firing?.resolve { kind, process in
            kind == .memory
                && !violations.contains { $0.group == process?.group && $0.name == process?.name }
        }
    }

    private func restartNext(_ runtime: Runtime) {
        while restarting.count - waiting.count < Self.concurrency && !waiting.isEmpty {
            restart(waiting.removeFirst(), runtime)
        }
    }

    private func restart(_ violation: LimitViolation, _ runtime: Runtime) {
        let task = MemoryRestart(
            violation: violation, samples: history.samples(of: violation.pid), client: client,
            options: options, log: runtime.log)
        runtime.work(deadline: .seconds(240), endsWithProgram: false) {
            task.run()
        } completion: { [unowned self] records, _ in
            restarting.remove(violation.process)
            renewed.insert(violation.process)
            owed.note(records) { _ in task.tellLateRestart() }
            restartNext(runtime)
        }
    }
}

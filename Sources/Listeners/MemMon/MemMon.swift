// memmon: restarts processes that hold too much memory.

internal import Alerting
internal import EventLoop
internal import ListenerProtocol

/// Restarts processes that hold too much memory.
///
/// On each tick a worker looks at all processes; each that is over its limit is restarted by a
/// worker of its own, so that one which takes long, or cannot be stopped at all, costs only itself.
final class MemMonListener: Listener {
    private let options: MemMonOptions
    private let client: SupervisorClient
    private let own: Namespec?
    private let owed: OwedStarts
    private var isChecking = false
    private var history = MemoryHistory()
    private var waiting: [Victim] = []
    private var restarting: Set<Namespec> = []
    /// Those whose restart has ended since the check that is under way began: it may have seen them
    /// as they were before.
    private var renewed: Set<Namespec> = []

    /// The most restarts at once.
    private static let concurrency = 8

    init(_ settings: Settings) throws(UsageError) {
        options = try MemMonOptions(settings)
        client = try settings.client()
        own = settings.host.own
        owed = OwedStarts(client: client)
    }

    func handle(_ content: EventContent, of name: EventName, by resident: Resident) {
        guard case .tick = content, !options.limits.isEmpty else { return }
        owed.tick(resident)
        check(resident)
    }

    func begin(_ resident: Resident) {
        guard options.limits.isEmpty else { return }
        resident.log.note("no limit is given, so that nothing is watched: add -p, -g or -a")
    }

    /// Looks at all processes, unless it is still looking: ticks that come meanwhile ask for the
    /// same.
    private func check(_ resident: Resident) {
        guard !isChecking else { return }
        isChecking = true
        renewed = []
        let check = MemoryCheck(
            client: client, limits: options.limits, isCumulative: options.isCumulative, own: own,
            log: resident.log)
        resident.work(deadline: .seconds(60), endsWithProgram: true) {
            check.run()
        } completion: { [unowned self] records, _ in
            isChecking = false
            history.note(records, at: .now)
            noteRecoveries(records, resident)
            for victim in records.compactMap(Victim.init) {
                guard !renewed.contains(victim.process),
                    restarting.insert(victim.process).inserted
                else { continue }
                waiting.append(victim)
            }
            restartNext(resident)
        }
    }

    /// Those that were told of and hold less now are well again.
    private func noteRecoveries(_ records: [[String]], _ resident: Resident) {
        // Nothing at all was seen when supervisord did not answer.
        guard records.contains(where: { $0.first == MemoryHistory.record }) else { return }
        let victims = Set(records.compactMap(Victim.init).map(\.process)).union(restarting)
        resident.firing?.resolve { kind, process in
            kind == .memory
                && !victims.contains { $0.group == process?.group && $0.name == process?.name }
        }
    }

    private func restartNext(_ resident: Resident) {
        while restarting.count - waiting.count < Self.concurrency && !waiting.isEmpty {
            restart(waiting.removeFirst(), resident)
        }
    }

    private func restart(_ victim: Victim, _ resident: Resident) {
        let task = MemoryRestart(
            victim: victim, samples: history.samples(of: victim.pid), client: client,
            options: options, log: resident.log)
        resident.work(deadline: .seconds(240), endsWithProgram: false) {
            task.run()
        } completion: { [unowned self] records, _ in
            restarting.remove(victim.process)
            renewed.insert(victim.process)
            owed.note(records) { _ in task.tellLateRestart() }
            restartNext(resident)
        }
    }
}

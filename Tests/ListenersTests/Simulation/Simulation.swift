import ListenerProtocol
import SupervisorRPC
import System

@testable import Listeners

/// A listener that restarts, in a model world, for some hours.
final class Simulation {
    private let world: ModelSupervisord
    private let names: [ProcessName]
    private var ledger: RestartLedger
    private var pending: [ProcessName: PendingStart] = [:]
    private var subjects: [ProcessName: RestartSubject] = [:]
    /// Restarts that have begun, in the order in which they go on.
    private var jobs: [RestartSubject] = []
    private let isPerProcess: Bool
    /// Whether FATAL processes are started.
    private let startsFailed: Bool
    private let policy: RestartPolicy

    private(set) var restarts = 0
    /// Since when a process waits for its turn.
    private var waitingSince: [ProcessName: Int] = [:]
    /// Since when a process fails each check without anything being done, or a reason for that.
    private var neglectedSince: [ProcessName: (start: Int, tick: Int)] = [:]
    private var lastAlert: [ProcessName: Int] = [:]
    private var tick = 0

    init(seed: UInt64) {
        var generator = SeededGenerator(seed: seed &+ 7)
        var policy = RestartPolicy()
        let checks = Int.random(in: 1...5, using: &generator)
        policy.threshold = FailureThreshold(
            failures: Int.random(in: 1...checks, using: &generator), checks: checks)
        policy.startPeriod = [0, 0, 30, 120].randomElement(using: &generator) ?? 0
        if generator.chance(0.7) {
            policy.limit = RestartLimit(
                count: Int.random(in: 1...3, using: &generator), period: 3_600)
        }
        policy.maxUnavailable = generator.chance(0.8) ? 1 : 2
        policy.isSequential = generator.chance(0.3)
        if generator.chance(0.3) { policy.presignal = Presignal(signal: "USR1", wait: 5) }
        if generator.chance(0.3) { policy.before = ["true"] }
        policy.isDryRun = generator.chance(0.05)
        if generator.chance(0.3) {
            // Open for 20 minutes of each hour; the world begins at 13:46.
            let hours = (0..<24).map { RestartWindow.Hours($0, 30, 50) }
            policy.window = RestartWindow(hours: hours)
        }
        startsFailed = generator.chance(0.5)
        self.policy = policy
        isPerProcess = generator.chance(0.5)
        names = (0..<3).flatMap { group in
            (0..<(1 + group * 2)).map { ProcessName(group: "g\(group)", name: "p\($0)") }
        }
        world = ModelSupervisord(names, policy: policy, seed: seed)
        ledger = RestartLedger(policy)
        ledger.clock = LocalClock { _ in 0 }
    }

    /// Lets hours pass.
    ///
    /// - Returns: What has gone wrong.
    func run(ticks: Int) -> [String] {
        for _ in 0..<ticks {
            tick += 1
            silence()
            check()
            startNext()
            // Some restarts go on over several checks.
            while let job = jobs.first, world.generator.chance(0.7) {
                jobs.removeFirst()
                carryOut(job)
            }
            retryStarts()
            world.pause(.seconds(Int.random(in: 5...60, using: &world.generator)))
        }
        return world.faults
    }

    /// Somebody writes the silence file now and then, and deletes it.
    private func silence() {
        if world.generator.chance(0.01) {
            let text = ["", "g1:*", "p0\ng2:p1"].randomElement(using: &world.generator) ?? ""
            ledger.silence = Silence(text, modified: world.moment.time)
        } else if world.generator.chance(0.05) {
            ledger.silence = .none
        }
    }

    // MARK: Checks

    private func check() {
        let begin = world.now
        for name in names {
            guard let info = try? world.info(of: name), let process = world.processes[name] else {
                continue
            }
            let seen = ObservedProcess(info)
            guard info.state == .running else {
                ledger.see(seen.instance, seen.state, begin: begin)
                neglectedSince[name] = nil
                if startsFailed, info.state == .fatal { start(seen, begin) }
                continue
            }
            let health: HealthStatus =
                world.generator.chance(0.02)
                ? .unknown("no answer") : process.isHealthy ? .healthy : .unhealthy("ill")
            var observation = seen.observation("site", health, begin: begin)
            observation.isPerProcess = isPerProcess
            let decision = ledger.decide(observation, at: world.moment)
            note(decision, observation)
        }
    }

    private func start(_ process: ObservedProcess, _ begin: Instant) {
        let observation = process.observation("-x", .unhealthy("FATAL"), begin: begin)
        switch ledger.decideStart(observation, at: world.moment) {
        case .act(let act):
            world.expect(act == .start, "\(process.process) is FATAL, and to be \(act)ed")
            subjects[process.process] = RestartSubject(
                process: process.process, act: act, start: process.start, pid: process.pid,
                reason: "FATAL")
        case .hold(let reason, _, let isAlertDue):
            noteAlert(process.process, reason, isAlertDue)
        case .cancel, .nothing: break
        }
    }

    private func note(_ decision: Decision, _ observation: Observation) {
        let name = observation.process
        switch decision {
        case .act(let act):
            subjects[name] = RestartSubject(
                process: name, act: act, start: observation.instance.start, pid: observation.pid,
                reason: "ill")
            waitingSince[name] = tick
            neglectedSince[name] = nil
        case .hold(let reason, _, let isAlertDue):
            noteAlert(name, reason, isAlertDue)
            if case .threshold = reason, case .unhealthy = observation.health {
                neglect(observation)
            } else {
                neglectedSince[name] = nil
            }
        case .cancel:
            subjects[name] = nil
        case .nothing:
            guard case .unhealthy = observation.health else {
                if case .healthy = observation.health { neglectedSince[name] = nil }
                return
            }
            world.expect(
                ledger.records[name].map { $0.activity != .idle } ?? false
                    || ledger.records[name]?.change.map { $0 > observation.begin } == true,
                "nothing is done about \(name), for no reason")
        }
    }

    /// A process whose budget is spent has an alert, be it about a restart or about a start.
    private func noteAlert(_ name: ProcessName, _ reason: HoldReason, _ isAlertDue: Bool) {
        if isAlertDue { lastAlert[name] = world.seconds }
        guard case .budget = reason else { return }
        let silence = world.seconds - (lastAlert[name] ?? 0)
        world.expect(silence <= policy.reminder, "nobody was told that \(name) is given up")
    }

    /// It fails one check after the other, and that is not enough yet.
    private func neglect(_ observation: Observation) {
        let start = observation.instance.start
        let known = neglectedSince[observation.process]
        let since = known?.start == start ? known?.tick ?? tick : tick
        neglectedSince[observation.process] = (start, since)
        world.expect(
            tick - since <= policy.threshold.checks * 2,
            "\(observation.process) fails its checks and is not restarted")
    }

    // MARK: Restarts

    private func startNext() {
        for (process, _) in ledger.begin(at: world.moment) {
            waitingSince[process] = nil
            expectPermission(process)
            guard let subject = subjects.removeValue(forKey: process) else {
                world.expect(false, "nobody knows why \(process) is restarted")
                continue
            }
            jobs.append(subject)
        }
        for name in waitingSince.keys where !ledger.waiting.contains(name) {
            waitingSince[name] = nil
        }
        for (name, since) in waitingSince where ledger.down(in: name.group).isEmpty && jobs.isEmpty
        {
            world.expect(tick - since < 200, "\(name) waits for ever")
        }
    }

    /// What began may begin now.
    private func expectPermission(_ process: ProcessName) {
        let moment = world.moment
        world.expect(
            ledger.silence.end(for: process, at: moment.time) == nil, "\(process) is silenced")
        guard let window = policy.window, ledger.records[process]?.act == .restart else { return }
        world.expect(
            window.isOpen(at: moment.time, by: ledger.clock),
            "\(process) is restarted outside of the window")
    }

    private func carryOut(_ subject: RestartSubject) {
        let process = subject.process
        var job = RestartJob(subject: subject, policy: policy, control: world) { [self] note in
            switch note {
            case .stopping:
                pending[process] = PendingStart(
                    process: process, number: 1,
                    lastSeen: PendingStart.Sight(state: .stopping, start: subject.start)
                ) { _ in }
            case .settled: pending[process] = nil
            case .seen(let state, let start):
                pending[process]?.lastSeen = PendingStart.Sight(state: state, start: start)
            }
        }
        job.isHealthy = { [world] in world.processes[process]?.isHealthy ?? false }
        let outcome = job.run()
        if outcome.isCharged { restarts += 1 }
        ledger.finish(process, outcome, isPending: pending[process] != nil, at: world.moment)
    }

    private func retryStarts() {
        for start in pending.values.sorted(by: { $0.process.full < $1.process.full }) {
            let process = start.process
            // Those whose restart is under way are not ours yet.
            guard ledger.records[process]?.activity == .pendingStart,
                let info = try? world.info(of: process)
            else { continue }
            switch start.step(PendingStart.Sight(state: info.state, start: info.start)) {
            case .wait:
                pending[process]?.lastSeen = PendingStart.Sight(
                    state: info.state, start: info.start)
            case .forget: settle(process)
            case .start:
                let subject = RestartSubject(
                    process: process, act: .start, start: info.start, pid: info.pid, reason: "")
                let job = RestartJob(
                    subject: subject, policy: RestartPolicy(), control: world
                ) { [self] note in
                    switch note {
                    case .stopping: break
                    case .settled: settle(process)
                    case .seen(let state, let start):
                        pending[process]?.lastSeen = PendingStart.Sight(state: state, start: start)
                    }
                }
                _ = job.start()
            }
        }
    }

    private func settle(_ process: ProcessName) {
        pending[process] = nil
        ledger.settlePendingStart(process, at: world.moment)
    }
}

extension RestartWindow.Hours {
    /// A part of an hour, each day.
    fileprivate init(_ hour: Int, _ begin: Int, _ end: Int) {
        self.init(days: Set(0...6), begin: hour * 60 + begin, end: hour * 60 + end)
    }
}

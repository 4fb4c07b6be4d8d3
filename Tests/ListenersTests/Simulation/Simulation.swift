import Alerting
import EventLoop
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
    private var targets: [ProcessName: RestartTarget] = [:]
    /// Restarts that have begun, in the order in which they go on.
    private var jobs: [RestartTarget] = []
    private let isPerProcess: Bool
    /// Whether one site is checked for all processes.
    private let isShared: Bool
    /// Whether PROCESS_STATE is subscribed to.
    private let isSubscribed: Bool
    /// Whether FATAL processes are started.
    private let startsFailed: Bool
    private let policy: RestartPolicy

    private(set) var restarts = 0
    /// Since when a process waits for its turn.
    private var waitingSince: [ProcessName: Int] = [:]
    /// Since when a process fails each check without anything being done, or a reason for that.
    private var neglectedSince: [ProcessName: (start: Int, tick: Int)] = [:]
    private var lastAlert: [ProcessName: Int] = [:]
    /// Since when a process waits for the one that is restarted first.
    private var heldSince: [ProcessName: Int] = [:]
    private var failures = SiteFailures()
    /// Where the outcome of a restart belongs.
    private var places: [ProcessName: (failure: SiteFailure, place: Int)] = [:]
    /// The restarts that no alert has reported yet, and since when.
    private var unreported: [String: Int] = [:]
    /// When a start was requested last, and when the last delivered tick was sent.
    private var lastRequest: [ProcessName: Int] = [:]
    private var lastTick = 0
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
        if generator.chance(0.2) {
            policy.action = generator.chance(0.7) ? .stop : .alert
        }
        if generator.chance(0.3) {
            // Open for 20 minutes of each hour; the world begins at 13:46.
            let hours = (0..<24).map { RestartWindow.Hours($0, 30, 50) }
            policy.window = RestartWindow(hours: hours)
        }
        startsFailed = policy.action == .restart && generator.chance(0.5)
        self.policy = policy
        isPerProcess = generator.chance(0.5)
        isShared = !isPerProcess && generator.chance(0.5)
        isSubscribed = generator.chance(0.5)
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
            world.events.append(.tick(world.seconds))
            if world.generator.chance(0.8) { deliver() }
            silence()
            check()
            startNext()
            requireReports()
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

    // MARK: Events

    /// The events arrive, some time after they were sent.
    private func deliver() {
        let events = world.events
        world.events = []
        for event in events {
            switch event {
            case .tick(let time):
                ledger.noteTick(sent: time)
                lastTick = time
            case .starting(let name, let state, let isOurs):
                guard isSubscribed else { continue }
                ledger.noteStart(of: name, from: state)
                let isKnown = (lastRequest[name] ?? 0) < lastTick
                guard !isOurs, isKnown, [.stopped, .fatal].contains(state),
                    let record = ledger.records[name], [.idle, .waiting].contains(record.activity)
                else { continue }
                world.expect(
                    record.budget.charges.isEmpty, "\(name) was started, and is still given up")
            }
        }
    }

    // MARK: Checks

    private func check() {
        let begin = world.now
        if let known = world.known() { ledger.removeProcesses(unless: known.contains) }
        if isShared { checkSite(begin) } else { checkEach(begin) }
    }

    /// Checks the site that all processes serve.
    private func checkSite(_ begin: Instant) {
        let seen = names.compactMap { try? world.info(of: $0) }.map(ObservedProcess.init)
        for process in seen where process.state != .running {
            neglectedSince[process.process] = nil
            ledger.see(process.instance, process.state, begin: begin)
        }
        let isHealthy = seen.allSatisfy {
            $0.state != .running || world.processes[$0.process]?.isHealthy != false
        }
        guard !isHealthy else {
            neglectedSince = [:]
            for name in ledger.pass("site", begin: begin, at: world.moment) { withdraw(name) }
            return
        }
        let failure = beginFailure()
        for process in seen where process.state == .running {
            let name = process.process
            let isActing = ledger.records[name].map { $0.activity != .idle } ?? false
            guard !failures.ignores(name, of: "site", isActing: isActing) else {
                // Its checks count again when the failure has been handled.
                neglectedSince[name] = nil
                failure.hold("\(name) was restarted")
                continue
            }
            var observation = process.observation("site", .unhealthy("ill"), begin: begin)
            observation.sites = ["site"]
            let decision = ledger.decide(observation, at: world.moment)
            note(decision, observation)
            switch decision {
            case .act: places[name] = (failure, failure.open(for: name))
            case .hold(.alertOnly, _, isAlertDue: true): failure.hold("\(name) is ill", .reminder)
            default: failure.hold("\(name) is left alone")
            }
        }
        startNext()
        failure.close()
    }

    private func beginFailure() -> SiteFailure {
        var open: SiteFailure?
        let failure = SiteFailure(
            "site", of: Incident.Check(url: "site"), cause: "", nil, diagnostics: Diagnostics(),
            isFurther: failures.isOpen("site"), log: Self.log
        ) { [unowned self] report in
            // People get it in any case.
            guard report.urgency == .action else { return }
            unreported = unreported.filter { !report.incident.message.contains($0.key) }
        } end: { [unowned self] in
            if let open { failures.remove(open, of: "site") }
            open = nil
        }
        open = failure
        failures.add(failure, of: "site")
        return failure
    }

    private static let log = Log(tool: "simulation", descriptor: nowhere)
    private static let nowhere = Descriptor(rawValue: -1)

    private func withdraw(_ name: ProcessName) {
        targets[name] = nil
        guard let (failure, place) = places.removeValue(forKey: name) else { return }
        failure.fill(place, [], .recovered)
    }

    /// Each restart is in an alert, as soon as its failure has been handled.
    private func requireReports() {
        guard isShared, !failures.isOpen("site") else { return }
        for (restart, _) in unreported {
            world.expect(false, "nobody was told of \(restart)")
        }
        unreported = [:]
    }

    private func checkEach(_ begin: Instant) {
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
            targets[process.process] = RestartTarget(
                process: process.process, act: act, start: process.start, pid: process.pid,
                reason: "FATAL")
        case .hold(let reason, _, let isAlertDue):
            noteAlert(process.process, reason, isAlertDue)
        case .cancel, .nothing: break
        }
    }

    private func note(_ decision: Decision, _ observation: Observation) {
        let name = observation.process
        heldSince[name] = isHeldForCanary(decision) ? heldSince[name] ?? tick : nil
        switch decision {
        case .act(let act):
            targets[name] = RestartTarget(
                process: name, act: act, start: observation.instance.start, pid: observation.pid,
                reason: "ill")
            waitingSince[name] = tick
            neglectedSince[name] = nil
        case .hold(let reason, _, let isAlertDue):
            noteAlert(name, reason, isAlertDue)
            noteHold(name, reason)
            if case .threshold = reason, case .unhealthy = observation.health {
                neglect(observation)
            } else {
                neglectedSince[name] = nil
            }
        case .cancel:
            withdraw(name)
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

    /// A process that is left alone has an alert: its budget is spent, nothing but alerts is
    /// wanted, the window is closed, --before postpones it, another one was stopped for good, or the
    /// restart of another one has not helped.
    private func noteAlert(_ name: ProcessName, _ reason: HoldReason, _ isAlertDue: Bool) {
        var subject = name
        switch reason {
        case .budget, .alertOnly, .window, .postponed: break
        case .canaryFailed(let canary, _): subject = canary
        case .group where ledger.stoppedEnough(in: name.group) != nil: break
        default:
            // It may wait for a start that fails.
            if isAlertDue { lastAlert[name] = world.seconds }
            return
        }
        if isAlertDue { lastAlert[subject] = world.seconds }
        let silence = world.seconds - (lastAlert[subject] ?? 0)
        world.expect(silence <= policy.reminder, "nobody was told that \(name) is left alone")
    }

    private func isHeldForCanary(_ decision: Decision) -> Bool {
        if case .hold(.canary, _, _) = decision { true } else { false }
    }

    /// A process does not wait forever for the one that is restarted first.
    private func noteHold(_ name: ProcessName, _ reason: HoldReason) {
        guard case .canary(let canary) = reason, let since = heldSince[name] else { return }
        world.expect(tick - since < 60, "\(name) waits for \(canary), and nobody is told")
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
            guard let target = targets.removeValue(forKey: process) else {
                world.expect(false, "nobody knows why \(process) is restarted")
                continue
            }
            jobs.append(target)
        }
        for name in waitingSince.keys where !ledger.waiting.contains(name) {
            waitingSince[name] = nil
            if ledger.records[name]?.activity != .acting { withdraw(name) }
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
        let acting = ledger.records.values.count { $0.activity == .acting && $0.act != .start }
        world.expect(
            !isShared || !policy.isSequential || ledger.records[process]?.act == .start
                || acting < 2,
            "\(process) is restarted while another one that serves the site is")
        guard let window = policy.window, ledger.records[process]?.act != .start else { return }
        world.expect(
            window.isOpen(at: moment.time, by: ledger.clock),
            "\(process) is restarted outside of the window")
    }

    private func carryOut(_ target: RestartTarget) {
        let process = target.process
        var requests = 0
        var job = RestartJob(target: target, policy: policy, control: world) { [self] note in
            switch note {
            case .starting: requests += 1
            case .stopping:
                pending[process] = PendingStart(
                    process: process, number: 1,
                    lastSeen: PendingStart.Sight(state: .stopping, start: target.start)
                ) { _ in }
            case .stoppingForGood: break
            case .settled: pending[process] = nil
            case .seen(let state, let start):
                pending[process]?.lastSeen = PendingStart.Sight(state: state, start: start)
            }
        }
        job.collectEvidence = { [world] _ in
            // A core dump of a large process.
            if world.generator.chance(0.2) { world.pause(.seconds(10)) }
        }
        job.isHealthy = { [world] in world.processes[process]?.isHealthy ?? false }
        let outcome = job.run()
        if outcome.isCharged { restarts += 1 }
        noteRequests(process, requests)
        report(process, outcome)
        ledger.finish(process, outcome, isPending: pending[process] != nil, at: world.moment)
        guard outcome == .postponed else { return }
        noteAlert(process, .postponed, ledger.isPostponementDue(process, at: world.moment))
    }

    /// The worker reports its requests when it ends; their events may be here already, or not.
    private func noteRequests(_ process: ProcessName, _ count: Int) {
        for _ in 0..<count { ledger.noteRequestedStart(of: process, at: world.moment) }
        if count > 0 { lastRequest[process] = world.seconds }
    }

    private func report(_ process: ProcessName, _ outcome: RestartOutcome) {
        guard let (failure, place) = places.removeValue(forKey: process) else {
            return world.expect(!isShared || startsFailed, "nobody reports what \(process) needed")
        }
        let line = "restart \(restarts) of \(process)"
        if outcome.isCharged { unreported[line] = tick }
        failure.fill(place, [line], outcome)
    }

    private func retryStarts() {
        for start in pending.values.sorted(by: {
            $0.process.qualifiedName < $1.process.qualifiedName
        }) {
            let process = start.process
            // Those whose restart is under way are not ours yet.
            guard ledger.records[process]?.activity == .pendingStart,
                let info = try? world.info(of: process)
            else { continue }
            switch start.step(PendingStart.Sight(state: info.state, start: info.start)) {
            case .wait:
                pending[process]?.lastSeen = PendingStart.Sight(
                    state: info.state, start: info.start)
            case .report, .forget: settle(process)
            case .start:
                let target = RestartTarget(
                    process: process, act: .start, start: info.start, pid: info.pid, reason: "")
                var notes: [RestartNote] = []
                let job = RestartJob(
                    target: target, policy: RestartPolicy(), control: world
                ) { notes.append($0) }
                _ = job.start(after: info)
                noteRequests(process, notes.count { $0 == .starting })
                for note in notes { follow(note, of: process) }
            }
        }
    }

    private func follow(_ note: RestartNote, of process: ProcessName) {
        switch note {
        case .stopping, .stoppingForGood, .starting: break
        case .settled: settle(process)
        case .seen(let state, let start):
            pending[process]?.lastSeen = PendingStart.Sight(state: state, start: start)
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

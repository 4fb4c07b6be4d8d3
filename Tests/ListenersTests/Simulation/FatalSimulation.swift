import ListenerProtocol
import System

@testable import Listeners

/// fatalretry and fatalexit in a model world, for some days, with a person who starts and stops.
///
/// What they decide is compared with what their pages promise, computed from the whole history.
final class FatalSimulation {
    private var generator: SeededGenerator
    private var programs: [ProcessName: ModelProgram] = [:]
    private let names: [ProcessName]
    private var now = 0.0
    private let origin = Instant.now
    private let isRetrying: Bool
    private let meddling: Double

    private var schedule: RetrySchedule
    private let pause: RetryPause
    /// What the history says of each program that fatalretry has to start.
    private var series: [ProcessName: Series] = [:]
    /// Attempts whose `--before` runs, and when it ends.
    private var commands: [(time: Double, attempt: RetrySchedule.Attempt, series: Int)] = []
    private var seriesCount = 0

    private var triggers = FatalExitTriggers()
    private var checks: [(time: Double, cause: FatalExitCause)] = []
    private var changes: [ProcessName: [(time: Double, change: ModelProgram.Change)]] = [:]
    private var ends: [String] = []

    private(set) var faults: [String] = []
    private(set) var retries = 0
    private(set) var endCount = 0

    /// Consecutive failures of a program, without a recovery or a person in between.
    private struct Series {
        let number: Int
        var failures = 0
        /// Whether `--before` runs.
        var isPreparing = false
        /// When the next start is due, at the earliest and at the latest.
        var start: ClosedRange<Double>?
        var runningSince: Double?
    }

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed &+ 99)
        let shortest = [1, 60, 600].randomElement(using: &generator) ?? 60
        let factor = [1, 4, 100].randomElement(using: &generator) ?? 1
        pause = RetryPause(shortest: shortest, longest: shortest * factor)
        schedule = RetrySchedule(pause: pause)
        isRetrying = generator.chance(0.8)
        meddling = [0, 0.02, 0.2][Int(seed % 3)]
        names = (0..<3).map { ProcessName(group: "g", name: "p\($0)") }
        triggers.isForFatal = generator.chance(0.8)
        triggers.isForExited = generator.chance(0.8)
        if generator.chance(0.5) { triggers.crashLoop = RestartLimit(count: 3, period: 600) }
        for name in names { programs[name] = ModelProgram(&generator) }
    }

    /// Lets a number of things happen.
    func run(steps: Int) {
        for name in names { act(on: name) { $0.start(at: $1, &$2) } }
        for _ in 0..<steps { step() }
    }

    private func step() {
        let due = programs.compactMap { name, program in program.due.map { ($0, name) } }
            .min { ($0.0, $0.1.name) < ($1.0, $1.1.name) }
        let check = checks.first?.time
        let attempt = isRetrying ? schedule.next.map { seconds($0) } : nil
        let person = now + Double.random(in: 0...2_000, using: &generator)
        let command = commands.map(\.time).min()
        let times = [due?.0, check, attempt, command, person].compactMap { $0 }
        now = max(now, times.min() ?? now)
        if let due, due.0 <= now {
            act(on: due.1) { $0.proceed(at: $1, &$2) }
        } else if let check, check <= now {
            settle(checks.removeFirst().cause)
        } else if let attempt, attempt <= now {
            retry()
        } else if let command, command <= now {
            endCommand()
        } else if generator.chance(meddling), let name = names.randomElement(using: &generator) {
            meddle(name)
        }
        requireStarts()
    }

    private func act(
        on name: ProcessName,
        _ action: (inout ModelProgram, Double, inout SeededGenerator) -> [ModelProgram.Change]
    ) {
        guard var program = programs[name] else { return }
        let events = action(&program, now, &generator)
        programs[name] = program
        for event in events { note(name, event) }
    }

    private func instant(_ seconds: Double) -> Instant { origin + .seconds(seconds) }

    private func seconds(_ instant: Instant) -> Double { (instant - origin) / .seconds(1) }

    private func expect(_ condition: Bool, _ fault: @autoclosure () -> String) {
        if !condition { faults.append("after \(Int(now)) s: \(fault())") }
    }

    // MARK: A person

    private func meddle(_ name: ProcessName) {
        let wasUp = programs[name]?.isUp == true
        // A start after an exit could be supervisord's own.
        if wasUp || programs[name]?.state == "FATAL" { series[name] = nil }
        if wasUp { act(on: name) { program, _, _ in program.stop() } }
        // A restart is a stop and a start.
        if !wasUp || generator.chance(0.3) { act(on: name) { $0.start(at: $1, &$2) } }
    }

    // MARK: Events

    private func note(_ name: ProcessName, _ event: ModelProgram.Change) {
        // More than a crash loop needs.
        changes[name] = changes[name, default: []].suffix(100) + [(now, event)]
        noteForRetry(name, event)
        noteForExit(name, event)
    }

    private func noteForRetry(_ name: ProcessName, _ event: ModelProgram.Change) {
        let chance = Double.random(in: 0...1, using: &generator)
        let consequence = schedule.note(
            name, event.name, from: ProcessState(name: event.fromState), at: instant(now),
            chance: chance)
        if let since = series[name]?.runningSince, now - since >= 600 { series[name] = nil }
        series[name]?.runningSince = event.name == .processStateRunning ? now : nil
        guard event.name == .processStateFatal else { return }
        fail(name, consequence)
        guard generator.chance(0.1) else { return }
        // The list of processes was read before the event of the same FATAL arrived.
        let repeated = schedule.note(
            name, event.name, from: ProcessState(name: event.fromState), at: instant(now),
            chance: chance)
        expect(repeated == .none, "\(name) is FATAL once, and \(repeated) follows the second event")
    }

    private func fail(_ name: ProcessName, _ consequence: RetrySchedule.Consequence) {
        if series[name] == nil { seriesCount += 1 }
        var own = series[name, default: Series(number: seriesCount)]
        own.failures += 1
        own.isPreparing = false
        let doubled = Double(pause.shortest) * Double(1 << min(own.failures - 1, 40))
        let length = min(doubled, Double(pause.longest))
        own.start = now + length * 0.9 - 0.01...now + length * 1.1 + 0.01
        series[name] = own
        guard case .retry(own.failures, _) = consequence else {
            return expect(false, "\(name) is FATAL \(own.failures) times, and \(consequence)")
        }
    }

    // MARK: fatalretry

    private func retry() {
        // A duration is rounded when it becomes a number of seconds.
        for attempt in schedule.takeDue(at: instant(now + 1e-6)) {
            let name = attempt.process
            guard let own = series[name], let due = own.start else {
                expect(false, "\(name) is started, and nothing says so")
                continue
            }
            expect(due.contains(now), "\(name) is started, and \(due) was promised")
            series[name]?.start = nil
            series[name]?.isPreparing = true
            let length = generator.chance(0.3) ? Double.random(in: 0...60, using: &generator) : 0
            commands.append((now + length, attempt, own.number))
            if length == 0 { endCommand() }
        }
    }

    /// `--before` ends, and a person may have started or stopped the program meanwhile.
    private func endCommand() {
        guard let place = commands.indices.min(by: { commands[$0].time < commands[$1].time }) else {
            return
        }
        let (_, attempt, number) = commands.remove(at: place)
        let name = attempt.process
        let isCurrent = series[name]?.number == number
        if generator.chance(0.1) {
            // Its status says: not yet.
            schedule.postpone(attempt, by: .seconds(60), at: instant(now))
            guard isCurrent else { return }
            series[name]?.isPreparing = false
            series[name]?.start = now + 59.9...now + 60.1
            return
        }
        let isAllowed = schedule.begin(attempt)
        expect(isAllowed == isCurrent, "\(name) is \(isAllowed ? "" : "not ")started by attempt")
        guard isAllowed else { return }
        series[name]?.isPreparing = false
        expect(programs[name]?.state == "FATAL", "\(name) is started, and not FATAL")
        retries += 1
        if generator.chance(0.1) {
            // Its file is missing, so supervisord starts nothing and sends no event.
            let chance = Double.random(in: 0...1, using: &generator)
            fail(name, schedule.refuse(attempt, at: instant(now), chance: chance))
        } else {
            act(on: name) { $0.start(at: $1, &$2) }
        }
    }

    private func requireStarts() {
        guard isRetrying else { return }
        for (name, own) in series {
            if let due = own.start {
                expect(now <= due.upperBound + 1, "\(name) is not started, and \(due) was promised")
            }
        }
        for (name, program) in programs where program.state == "FATAL" {
            let own = series[name]
            expect(own?.start != nil || own?.isPreparing == true, "\(name) is FATAL for ever")
        }
    }

    // MARK: fatalexit

    private func noteForExit(_ name: ProcessName, _ event: ModelProgram.Change) {
        guard let change = try? stateChange(name, event) else {
            return expect(false, "\(event) is no event")
        }
        let consequence = triggers.note(change, event.name, at: instant(now))
        switch consequence {
        case .endIfDown(let cause): checks.append((now + 1, cause))
        default: break
        }
        let isLoop = event.isExpected == false && isCrashLoop(name)
        let ends =
            event.name == .processStateFatal && triggers.isForFatal || isLoop
        if case .end = consequence {
            endCount += 1
            expect(ends, "\(name) ends everything by \(event)")
        } else {
            expect(!ends, "\(name) does not end anything by \(event)")
        }
    }

    private func isCrashLoop(_ name: ProcessName) -> Bool {
        guard let limit = triggers.crashLoop else { return false }
        let past = changes[name, default: []]
        let stop = past.lastIndex { $0.change.name == .processStateStopped } ?? -1
        let exits = past[(stop + 1)...].filter {
            $0.change.isExpected == false && now - $0.time <= Double(limit.period)
        }
        return exits.count >= limit.count
    }

    /// A second after an unexpected exit.
    private func settle(_ cause: FatalExitCause) {
        let later = changes[cause.process, default: []].filter { $0.time > now - 1 + 1e-9 }
        let isDown = triggers.isLatest(cause)
        if isDown { endCount += 1 }
        expect(
            isDown == later.isEmpty,
            "\(cause.process) \(isDown ? "ends" : "does not end") everything after \(later)")
    }

    private func stateChange(
        _ name: ProcessName, _ event: ModelProgram.Change
    ) throws -> ProcessStateChange? {
        let expected = event.isExpected.map { " expected:\($0 ? 1 : 0) pid:7" } ?? ""
        let payload =
            "processname:\(name.name) groupname:\(name.group) from_state:\(event.fromState)"
            + expected
        let header = try EventHeader(
            "ver:3.0 server:supervisor serial:1 pool:p poolserial:1 "
                + "eventname:\(event.name.rawValue) len:\(payload.utf8.count)")
        guard
            case .processState(let change) =
                try Event(header: header, payload: Array(payload.utf8)).content()
        else { return nil }
        return change
    }
}

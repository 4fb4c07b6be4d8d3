import ListenerProtocol
import SupervisorRPC
import System

@testable import Listeners

/// supervisord and its processes as a model, with a person beside who stops and starts them.
///
/// Time passes only in pauses; whatever else happens, happens then.
final class ModelSupervisord: ProcessControl {
    struct Process {
        var state = ProcessState.running
        var start: Int
        var pid: Int
        /// Whether it answers its check.
        var isHealthy = true
        /// Whether a new start makes it well.
        var isCurable = true
        /// Whether a start fails.
        var isBroken = false
        /// Whether it is RUNNING as soon as it is started: `startsecs=0`.
        var isInstant = false
        /// Whether supervisord starts it again when it ends: `autorestart=true`.
        var isAutorestarted = true
        /// Whether it ends as soon as we start it, with a status that is expected.
        var isQuick = false
        /// Whether it has ended so.
        var hasDoneItsJob = false
        var exitStatus = 0
        var stop = 0
        /// When what is under way is over: STARTING, STOPPING, and EXITED with autorestart.
        var change: Int?
        /// Whether a person has stopped it, and nobody started it since.
        var isStoppedByPerson = false
        /// Whether we have stopped it, and it has not run since.
        var isDownThroughUs = false
        /// When we stopped it, since a person had a hand in it.
        var stops: [Int] = []
    }

    /// What a listener is sent, in order.
    enum Event {
        case starting(ProcessName, from: ProcessState, isOurs: Bool)
        case tick(Int)
    }

    private(set) var processes: [ProcessName: Process] = [:]
    /// The events that are not delivered yet.
    var events: [Event] = []
    private(set) var seconds = 1_000_000
    private(set) var faults: [String] = []
    var generator: SeededGenerator
    let policy: RestartPolicy
    /// When persons have stopped each process, as supervisord's log has it.
    private var stopLines: [ProcessName: Set<String>] = [:]
    /// How often a person does something in a second.
    let meddling: Double
    /// How often anything else happens to a process in a second.
    private let strikes = 0.0024

    private let origin = Instant.now
    private var nextPid = 100
    /// The same order for each seed.
    private let order: [ProcessName]
    /// When the next of the processes' changes is due, or earlier.
    private var nextChange: Int?

    init(_ names: [ProcessName], policy: RestartPolicy, seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        self.policy = policy
        order = names.sorted { $0.qualifiedName < $1.qualifiedName }
        meddling = [0, 0.001, 0.02][Int(seed % 3)]
        for name in names {
            nextPid += 1
            var process = Process(start: seconds - 1_000, pid: nextPid)
            process.isInstant = generator.chance(0.5)
            process.isAutorestarted = generator.chance(0.5)
            process.isQuick =
                process.isInstant && !process.isAutorestarted && generator.chance(0.3)
            processes[name] = process
        }
    }

    var moment: Moment { Moment(instant: now, time: Timestamp(seconds: seconds)) }

    // MARK: The world

    var now: Instant { origin + .seconds(seconds - 1_000_000) }

    func pause(_ time: Duration) {
        let count = max(1, Int((time / .seconds(1)).rounded(.up)))
        for _ in 0..<count { passSecond() }
    }

    private func passSecond() {
        seconds += 1
        // Mostly, nothing happens in a second.
        if let due = nextChange, due <= seconds { passChanges() }
        let chance = strikes * Double(order.count) + meddling
        guard generator.chance(chance), let name = order.randomElement(using: &generator) else {
            return
        }
        strike(name)
    }

    /// Brings what is due by now, and finds out when the next change is.
    private func passChanges() {
        for name in order {
            guard let due = processes[name]?.change, due <= seconds else { continue }
            change(name) { world, process in world.advance(&process) }
        }
        nextChange = processes.values.compactMap(\.change).min()
    }

    private func change(
        _ name: ProcessName, _ change: (ModelSupervisord, inout Process) -> Void
    ) {
        guard var process = processes[name] else { return }
        change(self, &process)
        processes[name] = process
    }

    /// Sees to it that something happens to the process later.
    private func expectChange(of process: inout Process, in time: Int) {
        let due = seconds + time
        process.change = due
        nextChange = min(due, nextChange ?? due)
    }

    /// What happens to it from outside.
    private func strike(_ name: ProcessName) {
        // A person removes it from the configuration.
        if generator.chance(0.02) { return processes[name] = nil }
        change(name) { world, process in world.strike(name, &process) }
    }

    private func strike(_ name: ProcessName, _ process: inout Process) {
        switch Double.random(in: 0..<strikes + meddling / Double(order.count), using: &generator) {
        case ..<0.001: process.isHealthy = false
        case ..<0.0015: process.isHealthy = true
        case ..<0.0017: process.isCurable.toggle()
        case ..<0.0019: process.isBroken.toggle()
        // It ends by itself.
        case ..<strikes: if process.state == .running { end(&process, status: endings()) }
        default: meddle(name, &process)
        }
    }

    private func endings() -> Int { [0, 2, 3].randomElement(using: &generator) ?? 0 }

    private func advance(_ process: inout Process) {
        process.change = nil
        switch process.state {
        case .stopping:
            process.state = .stopped
            process.pid = 0
            process.stop = seconds
        case .exited: begin(&process)
        case .starting where process.isBroken:
            process.state = .fatal
            process.pid = 0
        case .starting: run(&process)
        default: break
        }
    }

    private func run(_ process: inout Process) {
        process.state = .running
        process.isDownThroughUs = false
        if process.isCurable { process.isHealthy = true }
    }

    private func begin(_ process: inout Process) {
        nextPid += 1
        process.pid = nextPid
        process.start = seconds
        process.hasDoneItsJob = false
        guard process.isInstant else {
            process.state = .starting
            return expectChange(of: &process, in: Int.random(in: 1...80, using: &generator))
        }
        run(&process)
        if process.isBroken { end(&process, status: 1) }
    }

    /// It ends by itself; with autorestart, supervisord starts it again within a second.
    private func end(_ process: inout Process, status: Int) {
        process.state = .exited
        process.pid = 0
        process.stop = seconds
        process.exitStatus = status
        process.change = nil
        if process.isAutorestarted { expectChange(of: &process, in: 1) }
    }

    /// A person stops it if it runs, and starts it if it does not.
    private func meddle(_ name: ProcessName, _ process: inout Process) {
        switch process.state {
        case .running, .starting:
            process.state = .stopped
            process.pid = 0
            process.change = nil
            stopLines[name, default: []].insert("\(seconds)")
            process.isStoppedByPerson = true
            process.isDownThroughUs = false
            process.stops = []
        case .stopped, .fatal, .exited:
            process.isStoppedByPerson = false
            process.isDownThroughUs = false
            process.stops = []
            events.append(.starting(name, from: process.state, isOurs: false))
            begin(&process)
        default: break
        }
    }

    // MARK: What we may ask

    func info(of name: ProcessName) throws(RPCError) -> SupervisedProcess {
        if generator.chance(0.01) { throw .timedOut("busy") }
        guard let process = processes[name] else {
            throw .fault(Fault(code: .badName, message: "BAD_NAME"))
        }
        var info = SupervisedProcess(name: name.name, group: name.group)
        info.stateCode = process.state.rawValue
        info.start = process.start
        info.pid = process.pid
        info.now = seconds
        info.stop = process.stop
        info.exitStatus = process.exitStatus
        return info
    }

    func exitCodes(of process: ProcessName) -> [Int] { [0, 2] }

    func stops(of process: ProcessName) -> Set<String>? {
        generator.chance(0.1) ? nil : stopLines[process] ?? []
    }

    /// The processes that are configured, as far as supervisord answers.
    func known() -> Set<ProcessName>? {
        generator.chance(0.1) ? nil : Set(processes.keys)
    }

    func stop(_ name: ProcessName) throws(RPCError) {
        guard var process = processes[name] else {
            throw .fault(Fault(code: .badName, message: "BAD_NAME"))
        }
        if generator.chance(0.01) { throw .unreachable("nobody listens") }
        expect(policy.action != .alert, "\(name) was stopped in spite of --action alert")
        guard [.running, .starting].contains(process.state) else {
            throw .fault(Fault(code: .notRunning, message: "NOT_RUNNING"))
        }
        expect(process.state == .running, "\(name) was stopped while \(process.state)")
        process.stops.append(seconds)
        process.state = .stopping
        expectChange(of: &process, in: Int.random(in: 0...100, using: &generator))
        process.isDownThroughUs = true
        processes[name] = process
        checkStop(name, process)
        if generator.chance(0.01) { throw .timedOut("the answer is lost") }
    }

    func start(_ name: ProcessName) throws(RPCError) {
        guard var process = processes[name] else {
            throw .fault(Fault(code: .badName, message: "BAD_NAME"))
        }
        if generator.chance(0.01) { throw .unreachable("nobody listens") }
        guard [.stopped, .fatal, .exited].contains(process.state) else {
            throw .fault(Fault(code: .alreadyStarted, message: "ALREADY_STARTED"))
        }
        expect(!process.isStoppedByPerson, "\(name) was started though a person had stopped it")
        expect(policy.action == .restart, "\(name) was started in spite of --action")
        expect(!process.hasDoneItsJob, "\(name) was started again though it had done its job")
        events.append(.starting(name, from: process.state, isOurs: true))
        begin(&process)
        if process.isQuick, process.state == .running {
            process.isDownThroughUs = false
            end(&process, status: 2)
            process.hasDoneItsJob = true
        }
        processes[name] = process
        if generator.chance(0.01) { throw .timedOut("the answer is lost") }
    }

    func signal(_ name: ProcessName, _ signal: String) throws(RPCError) {
        guard var process = processes[name], process.state == .running else { return }
        if generator.chance(0.3) { process.isHealthy = true }
        if generator.chance(0.2) { end(&process, status: endings()) }
        processes[name] = process
    }

    func run(_ command: [String], _ variables: [String: String]) -> Int32? {
        pause(.seconds(Int.random(in: 1...60, using: &generator)))
        return generator.chance(0.2) ? 75 : 0
    }

    // MARK: What must hold

    private func checkStop(_ name: ProcessName, _ process: Process) {
        let down = processes.filter { $0.key.group == name.group && $0.value.isDownThroughUs }
        expect(
            down.count <= policy.maxUnavailable,
            "\(down.count) of \(name.group) are down through us")
        guard let limit = policy.limit else { return }
        let recent = process.stops.filter { seconds - $0 < limit.period }
        expect(recent.count <= limit.count, "\(name) was stopped \(recent.count) times")
    }

    func expect(_ condition: Bool, _ text: String) {
        if !condition { faults.append("second \(seconds - 1_000_000): \(text)") }
    }
}

import ListenerProtocol
import SupervisorRPC
import System
import Testing

@testable import Listeners

/// Single restarts, with a supervisord whose answers are given.
struct RestartJobTests {
    /// A supervisord that shows one state after the other, and the last one for ever.
    private final class Control: ProcessControl {
        var now = Instant.now
        var calls: [String] = []
        var infos: [ProcessInfo]
        /// The states from the next start on.
        var afterStart: [ProcessInfo] = []

        init(_ infos: [ProcessInfo]) { self.infos = infos }

        func pause(_ time: Duration) { now = now + time }

        func info(of process: ProcessName) -> ProcessInfo {
            infos.count > 1 ? infos.removeFirst() : infos[0]
        }

        func exitCodes(of process: ProcessName) -> [Int] { [0, 2] }

        /// The response to a stop; nil for success.
        var stopFault: Fault?

        func stop(_ process: ProcessName) throws(RPCError) {
            calls.append("stop")
            if let stopFault { throw .fault(stopFault) }
        }

        /// The response to a start; nil for success.
        var startFault: Fault?
        /// How many starts have no effect.
        var ignoredStarts = 0

        func start(_ process: ProcessName) throws(RPCError) {
            calls.append("start")
            ignoredStarts -= 1
            if ignoredStarts < 0 && !afterStart.isEmpty { infos = afterStart }
            if let startFault { throw .fault(startFault) }
        }

        func signal(_ process: ProcessName, _ signal: String) { calls.append(signal) }

        func run(_ command: [String], _ variables: [String: String]) -> Int32? { 0 }
    }

    private static let process = ProcessName(group: "shop", name: "web")

    private static func info(
        _ state: ProcessState, start: Int = 100, pid: Int = 0, status: Int = 0, stop: Int = 0
    ) -> ProcessInfo {
        var info = ProcessInfo(name: process.name, group: process.group)
        info.stateCode = state.rawValue
        (info.start, info.pid, info.exitStatus, info.stop) = (start, pid, status, stop)
        return info
    }

    private static let running = info(.running, pid: 7)
    private static let stopped = info(.stopped, stop: 200)

    private func job(_ act: RestartStep, _ control: Control) -> RestartJob<Control> {
        var policy = RestartPolicy()
        policy.presignal = Presignal(signal: "USR2", wait: 3)
        let target = RestartTarget(
            process: Self.process, act: act, start: 100, pid: 7, reason: "")
        return RestartJob(target: target, policy: policy, control: control) { _ in }
    }

    // MARK: Rejected stops

    @Test(arguments: [true, false])
    func `the Go implementation rejects a stop that it has begun`(isGoHost: Bool) {
        func named(_ info: ProcessInfo) -> ProcessInfo {
            var info = info
            info.stateName = isGoHost ? "Backoff" : "BACKOFF"
            return info
        }
        let control = Control([
            Self.running, Self.running, named(Self.running), named(Self.running),
            named(Self.info(.backoff)),
        ])
        control.stopFault = Fault(
            code: .failed, string: "Application Error: fail to stop process web")
        control.afterStart = [Self.info(.running, start: 300, pid: 9)]
        var policy = RestartPolicy()
        policy.presignal = nil
        let target = RestartTarget(
            process: Self.process, act: .restart, start: 100, pid: 7, reason: "")
        let job = RestartJob(target: target, policy: policy, control: control) { _ in }
        let outcome = job.run()
        #expect(control.calls == (isGoHost ? ["stop", "start"] : ["stop"]))
        #expect((outcome == .restarted) == isGoHost)
    }

    /// It says so of each process that does not run at once, and ignores the start of one that has
    /// just ended.
    @Test(arguments: [true, false])
    func `the Go implementation starts a process although it answers otherwise`(isGoHost: Bool) {
        func named(_ info: ProcessInfo) -> ProcessInfo {
            var info = info
            info.stateName = isGoHost ? "Running" : "RUNNING"
            return info
        }
        let stopped = named(Self.stopped)
        let control = Control([named(Self.info(.backoff))])
        control.startFault = Fault(
            code: .abnormalTermination, string: "Application Error: fail to start process web")
        control.ignoredStarts = 1
        control.afterStart = [named(Self.info(.running, start: 300, pid: 9))]
        let outcome = job(.restart, control).start(after: stopped)
        #expect(control.calls == (isGoHost ? ["start", "start"] : ["start"]))
        #expect((outcome == .restarted) == isGoHost)
    }

    // MARK: --action stop with a presignal

    @Test func `a process to stop that ends by the signal is not started`() {
        let control = Control([Self.running, Self.info(.exited)])
        var notes: [RestartNote] = []
        var job = job(.stop, control)
        job.note = { notes.append($0) }
        #expect(job.run() == .stopped)
        #expect(control.calls == ["USR2"])
        #expect(notes.isEmpty)
    }

    @Test func `a process to stop that supervisord starts again after the signal is stopped`() {
        let renewed = Self.info(.running, start: 150, pid: 8)
        let control = Control([
            Self.running, Self.info(.exited), Self.info(.starting, start: 150, pid: 8), renewed,
            renewed, Self.info(.stopped, start: 150),
        ])
        #expect(job(.stop, control).run() == .stopped)
        #expect(control.calls == ["USR2", "stop"])
    }

    @Test func `a process to restart that ends by the signal is started, with its log`() {
        let control = Control([Self.running, Self.info(.exited)])
        control.afterStart = [Self.info(.running, start: 150, pid: 8)]
        var evidence = 0
        var job = job(.restart, control)
        job.collectEvidence = { _ in evidence += 1 }
        #expect(job.run() == .restarted)
        #expect(control.calls == ["USR2", "start"])
        #expect(evidence == 1)
    }

    // MARK: Jobs that end soon

    private func outcome(_ afterStart: [ProcessInfo]) -> (RestartOutcome, [RestartNote]) {
        let control = Control([Self.stopped])
        control.afterStart = afterStart
        var notes: [RestartNote] = []
        var job = job(.restart, control)
        job.note = { notes.append($0) }
        return (job.start(after: Self.stopped), notes)
    }

    @Test(arguments: [
        info(.exited, start: 300, status: 2, stop: 301), info(.exited, start: 300, stop: 300),
        // The second in which the process before was started.
        info(.exited, start: 100, status: 2, stop: 200), info(.exited, start: 100, stop: 200),
    ])
    func `a job that has ended as expected has been started`(ended: ProcessInfo) {
        let (outcome, notes) = outcome([ended])
        #expect(outcome == .restarted)
        #expect(notes == [.starting, .settled])
    }

    @Test func `a process that supervisord starts once more has been started`() {
        let (outcome, _) = outcome([
            Self.info(.exited, start: 300, status: 1), Self.info(.running, start: 301, pid: 9),
        ])
        #expect(outcome == .restarted)
    }

    @Test func `a process that ends unexpectedly and stays down has failed to start`() {
        let (outcome, notes) = outcome([Self.info(.exited, start: 300, status: 1)])
        guard case .startFailed = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(notes == [.starting, .seen(.exited, start: 300)])
    }
}

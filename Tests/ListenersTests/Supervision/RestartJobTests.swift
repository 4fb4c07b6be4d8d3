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
        var infos: [SupervisedProcess]
        /// The states from the next stop on.
        var afterStop: [SupervisedProcess] = []
        /// The states from the next start on.
        var afterStart: [SupervisedProcess] = []

        init(_ infos: [SupervisedProcess]) { self.infos = infos }

        var pauses: [Duration] = []

        func pause(_ time: Duration) {
            now = now + time
            pauses.append(time)
        }

        /// The number of calls until supervisord shuts down; nil if it does not.
        var callsLeft: Int?

        private func answer() throws(RPCError) {
            guard let left = callsLeft else { return }
            if left == 0 { throw .fault(Fault(code: .shutdownState, message: "SHUTDOWN_STATE")) }
            callsLeft = left - 1
        }

        /// Why no state is known after the stop; nil if it is.
        var silence: RPCError?

        func info(of process: ProcessName) throws(RPCError) -> SupervisedProcess {
            try answer()
            if calls.contains("stop"), let silence { throw silence }
            return infos.count > 1 ? infos.removeFirst() : infos[0]
        }

        func exitCodes(of process: ProcessName) -> [Int] { [0, 2] }

        /// What supervisord's log says before the signal and after it.
        var stops: [Set<String>?] = [nil]

        func stops(of process: ProcessName) -> Set<String>? {
            stops.count > 1 ? stops.removeFirst() : stops[0]
        }

        /// The response to a stop; nil for success.
        var stopFault: Fault?

        /// Why no response to a stop arrives; nil if one does.
        var lostStop: RPCError?

        func stop(_ process: ProcessName) throws(RPCError) {
            try answer()
            calls.append("stop")
            if let lostStop { throw lostStop }
            if !afterStop.isEmpty { infos = afterStop }
            if let stopFault { throw .fault(stopFault) }
        }

        /// The response to a start; nil for success.
        var startFault: Fault?
        /// How many starts have no effect.
        var ignoredStarts = 0

        func start(_ process: ProcessName) throws(RPCError) {
            try answer()
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
    ) -> SupervisedProcess {
        var info = SupervisedProcess(name: process.name, group: process.group)
        info.stateCode = state.rawValue
        (info.start, info.pid, info.exitStatus, info.stop) = (start, pid, status, stop)
        return info
    }

    private static let running = info(.running, pid: 7)
    private static let stopped = info(.stopped, stop: 200)

    private func job(
        _ act: RestartStep, _ control: Control, isSignalled: Bool = true
    ) -> RestartJob<Control> {
        var policy = RestartPolicy()
        if isSignalled { policy.presignal = Presignal(signal: "USR2", wait: 3) }
        let target = RestartTarget(
            process: Self.process, act: act, start: 100, pid: 7, reason: "")
        return RestartJob(target: target, policy: policy, control: control) { _ in }
    }

    // MARK: Conditions

    @Test(arguments: [RestartStep.restart, .stop])
    func `what a silence or the window prevents meanwhile is not stopped`(act: RestartStep) {
        let control = Control([Self.running])
        var job = job(act, control)
        job.obstacle = { control.calls.isEmpty ? nil : .alertOnly }
        #expect(job.run() == .prevented("--action alert"))
        #expect(control.calls == ["USR2"])
    }

    @Test func `what was prevented needs only one more failed check`() {
        #expect(RestartOutcome.prevented("").keepsFailures)
        #expect(!RestartOutcome.prevented("").isCharged)
        let record = RestartOutcomeRecord(process: Self.process, outcome: .prevented("why"))
        #expect(RestartOutcomeRecord(fields: record.fields)?.outcome == .prevented("why"))
    }

    // MARK: Rejected stops

    @Test(arguments: [true, false])
    func `the Go implementation rejects a stop that it has begun`(isGoHost: Bool) {
        func named(_ info: SupervisedProcess) -> SupervisedProcess {
            var info = info
            info.stateName = isGoHost ? "Backoff" : "BACKOFF"
            return info
        }
        let control = Control([
            Self.running, Self.running, named(Self.running), named(Self.running),
            named(Self.info(.backoff)),
        ])
        control.stopFault = Fault(
            code: .failed, message: "Application Error: fail to stop process web")
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

    @Test(
        arguments: [
            (.invalidResponse("500"), nil, true), (.unreachable("broken"), nil, true),
            (.unauthorized, .unauthorized, true),
            (.unreachable("broken"), .unreachable("refused"), false),
        ] as [(RPCError, RPCError?, Bool)])
    func `no start is pending after a stop that was not carried out`(
        error: RPCError, silence: RPCError?, isSettled: Bool
    ) {
        let control = Control([Self.running])
        (control.lostStop, control.silence) = (error, silence)
        var notes: [RestartNote] = []
        var job = job(.restart, control, isSignalled: false)
        job.note = { notes.append($0) }
        // Nobody knows whether it runs.
        #expect(job.run() == .stopFailed("\(error)", in: isSettled ? .running : nil))
        #expect(notes == (isSettled ? [.stopping, .settled] : [.stopping]))
        #expect(control.calls == ["stop"])
    }

    /// It says so of each process that does not run at once, and ignores the start of one that has
    /// just ended.
    @Test(arguments: [true, false])
    func `the Go implementation starts a process although it answers otherwise`(isGoHost: Bool) {
        func named(_ info: SupervisedProcess) -> SupervisedProcess {
            var info = info
            info.stateName = isGoHost ? "Running" : "RUNNING"
            return info
        }
        let stopped = named(Self.stopped)
        let control = Control([named(Self.info(.backoff))])
        control.startFault = Fault(
            code: .abnormalTermination, message: "Application Error: fail to start process web")
        control.ignoredStarts = 1
        control.afterStart = [named(Self.info(.running, start: 300, pid: 9))]
        let outcome = job(.restart, control).start(after: stopped)
        // It looks for the end of the old process every 10 ms, and would take the new one for it.
        #expect((control.pauses.first ?? .zero >= .milliseconds(500)) == isGoHost)
        #expect(control.calls == (isGoHost ? ["start", "start"] : ["start"]))
        #expect((outcome == .restarted) == isGoHost)
    }

    /// From 0.7.4 on it shows a start that has failed as STOPPED for a moment.
    @Test(arguments: [ProcessState.fatal, .stopped])
    func `a failed start under the Go implementation is no stop by someone else`(
        state: ProcessState
    ) {
        func named(_ info: SupervisedProcess) -> SupervisedProcess {
            var info = info
            info.stateName = "Stopped"
            return info
        }
        let control = Control([named(Self.stopped)])
        control.afterStart = [
            named(Self.info(.starting, start: 300)), named(Self.info(.stopped, start: 300)),
            named(Self.info(state, start: 300)),
        ]
        let outcome = job(.restart, control).start(after: named(Self.stopped))
        let failure = RestartOutcome.startFailed(
            "<Fault 40: 'ABNORMAL_TERMINATION: \(Self.process)'>")
        #expect(
            outcome == (state == .stopped ? .outdated("it was stopped by someone else") : failure))
        #expect(control.calls == ["start"])
    }

    /// 0.7.3, and 0.7.4 and later, leave it in that state for good.
    @Test(arguments: [true, false])
    func `a process that rests in BACKOFF under the Go implementation was stopped while STARTING`(
        isResting: Bool
    ) {
        func named(_ state: ProcessState, start: Int) -> SupervisedProcess {
            var info = Self.info(state, start: start)
            info.stateName = "Backoff"
            return info
        }
        let control = Control([named(.backoff, start: 100)])
        control.afterStart = [named(.starting, start: 300), named(.backoff, start: 300)]
        if !isResting {
            control.afterStart += [named(.starting, start: 300), named(.fatal, start: 300)]
        }
        let outcome = job(.restart, control).start(after: named(.backoff, start: 100))
        let failure = RestartOutcome.startFailed(
            "<Fault 40: 'ABNORMAL_TERMINATION: \(Self.process)'>")
        #expect(outcome == (isResting ? .outdated("it was stopped by someone else") : failure))
        #expect(control.calls == ["start"])
    }

    @Test func `the logs are looked at while the process is down`() {
        let control = Control([Self.running])
        control.afterStop = [Self.info(.stopping), Self.info(.stopped)]
        control.afterStart = [Self.info(.running, start: 300, pid: 9)]
        var seen: [[String]] = []
        var job = job(.restart, control, isSignalled: false)
        job.willStart = { info in seen.append(control.calls + [info.state.name]) }
        #expect(job.run() == .restarted)
        #expect(seen == [["stop", "STOPPED"]])
    }

    // MARK: Processes that somebody else restarts

    private static let renewed = info(.running, start: 150, pid: 8)

    @Test(arguments: [RestartStep.restart, .stop])
    func `a process that is restarted during a core dump is left alone`(act: RestartStep) {
        let control = Control([Self.running])
        var job = job(act, control, isSignalled: false)
        job.collectEvidence = { _ in control.infos = [Self.renewed] }
        #expect(job.run() == .outdated("it was restarted meanwhile"))
        #expect(control.calls == [])
    }

    @Test(arguments: [ProcessState.stopping, .stopped])
    func `a process that is restarted just before the stop is started again`(state: ProcessState) {
        let control = Control([Self.running])
        control.afterStop = [Self.info(state, start: 150), Self.info(.stopped, start: 150)]
        control.afterStart = [Self.info(.running, start: 300, pid: 9)]
        var notes: [RestartNote] = []
        var job = job(.restart, control, isSignalled: false)
        job.note = { notes.append($0) }
        #expect(job.run() == .restarted)
        #expect(control.calls == ["stop", "start"])
        #expect(notes == [.stopping, .seen(state, start: 150), .starting, .settled])
    }

    @Test func `a process that somebody starts and stops after the stop stays stopped`() {
        let control = Control([Self.running])
        control.afterStop = [Self.info(.stopping), Self.info(.stopped, start: 150)]
        #expect(
            job(.restart, control, isSignalled: false).run()
                == .outdated("it was stopped by someone else"))
        #expect(control.calls == ["stop"])
    }

    @Test(
        arguments: [
            (.running, .alreadyStarted("<Fault 60: 'ALREADY_STARTED'>", wasStopped: true)),
            (.backoff, nil), (.fatal, nil),
            (.stopped, .outdated("it was stopped by someone else")),
        ] as [(ProcessState, RestartOutcome?)])
    func `a start by someone else counts once the process runs`(
        state: ProcessState, outcome: RestartOutcome?
    ) {
        let failure = RestartOutcome.startFailed(
            "<Fault 40: 'ABNORMAL_TERMINATION: \(Self.process)'>")
        let control = Control([Self.stopped])
        control.startFault = Fault(code: .alreadyStarted, message: "ALREADY_STARTED")
        let starting = Self.info(.starting, start: 300, pid: 9)
        control.afterStart =
            Array(repeating: starting, count: 20) + [Self.info(state, start: 300, pid: 9)]
        #expect(job(.restart, control).start(after: Self.stopped) == outcome ?? failure)
        #expect(control.calls == ["start"])
    }

    @Test(arguments: [ProcessState.fatal, .backoff, .starting])
    func `a process whose start by someone else fails during the stop is started`(
        state: ProcessState
    ) {
        let control = Control([Self.running])
        control.afterStop = [Self.info(.stopping), Self.info(state, start: 150)]
        control.afterStart = [Self.info(.running, start: 300, pid: 9)]
        #expect(job(.restart, control, isSignalled: false).run() == .restarted)
        #expect(control.calls == ["stop", "start"])
    }

    // MARK: The end of supervisord

    @Test(arguments: [true, false], 0...7)
    func `a shutdown of supervisord ends a restart, and nothing is pending`(
        isSignalled: Bool, count: Int
    ) {
        let control = Control([Self.running])
        control.afterStop = [Self.stopped]
        control.afterStart = [Self.info(.running, start: 300, pid: 9)]
        control.callsLeft = count
        var notes: [RestartNote] = []
        var job = job(.restart, control, isSignalled: isSignalled)
        job.note = { notes.append($0) }
        // Without a signal, there are seven calls.
        #expect(job.run() == (isSignalled || count < 7 ? .shutdown : .restarted))
        #expect(notes.isEmpty || notes.last == .settled)
    }

    @Test func `a shutdown of supervisord after the signal is no failed start`() {
        let control = Control([Self.running, Self.info(.exited)])
        control.callsLeft = 3
        #expect(job(.restart, control).run() == .shutdown)
    }

    @Test func `a stop for good is announced before it is requested`() {
        let control = Control([Self.running])
        control.afterStop = [Self.stopped]
        var notes: [[String]] = []
        var job = job(.stop, control, isSignalled: false)
        job.note = { notes.append(["\($0)"] + control.calls) }
        #expect(job.run() == .stopped)
        #expect(notes == [["stoppingForGood"]])
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
            renewed, renewed, Self.info(.stopped, start: 150),
        ])
        #expect(job(.stop, control).run() == .stopped)
        #expect(control.calls == ["USR2", "stop"])
    }

    @Test(
        arguments: [
            ([["1"], ["1", "2"]], false), ([[], ["2"]], false), ([["1"], ["1"]], true),
            ([["1"], nil], true), ([nil, ["1"]], true), ([["1", "2"], ["2"]], true),
        ] as [([Set<String>?], Bool)], [RestartStep.restart, .stop])
    func `a person's quick restart after the signal is none of ours`(
        log: (stops: [Set<String>?], isByItself: Bool), act: RestartStep
    ) {
        let renewed = Self.info(.running, start: 150, pid: 8)
        let control = Control([Self.running, renewed])
        control.stops = log.stops
        control.afterStop = [Self.info(.stopped, start: 150)]
        let outcome = job(act, control).run()
        if log.isByItself {
            #expect(outcome == (act == .stop ? .stopped : .restarted))
        } else {
            #expect(outcome == .outdated("it was restarted meanwhile"))
            #expect(control.calls == ["USR2"])
        }
    }

    @Test func `a process to stop that a person stops is not reported as ours`() {
        let control = Control([Self.running, Self.info(.stopped)])
        #expect(job(.stop, control).run() == .outdated("it was stopped by someone else"))
    }

    @Test func `after an accepted stop to which no state follows, the state is unknown`() {
        let control = Control([Self.running])
        control.silence = .unreachable("no response")
        let outcome = job(.restart, control, isSignalled: false).run()
        #expect(outcome == .stopFailed("\(RPCError.unreachable("no response"))", in: nil))
        #expect(outcome.state(after: "httpok").hasPrefix("unknown, the stop was requested: "))
        for outcome in [outcome, .stopFailed("no"), .stopFailed("no", in: .exited)] {
            let record = RestartOutcomeRecord(process: Self.process, outcome: outcome)
            #expect(RestartOutcomeRecord(fields: record.fields)?.outcome == outcome)
        }
    }

    @Test func `a stop that is rejected since the process has ended does not say that it runs`() {
        let control = Control([Self.running])
        control.afterStop = [Self.info(.exited)]
        control.stopFault = Fault(code: .notRunning, message: "NOT_RUNNING: web")
        let outcome = job(.restart, control, isSignalled: false).run()
        #expect(outcome.state(after: "memmon").hasPrefix("EXITED: stop failed: "))
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

    /// Its memory is gone, and its site answers no more.
    @Test(arguments: [true, false], [RestartStep.restart, .stop])
    func `a process that the signal kills while it is checked has ended`(
        isHealthy: Bool, act: RestartStep
    ) {
        let control = Control([Self.running])
        control.afterStart = [Self.info(.running, start: 150, pid: 8)]
        var job = job(act, control)
        job.isHealthy = {
            control.infos = [Self.info(.exited)]
            return isHealthy
        }
        #expect(job.run() == (act == .stop ? .stopped : .restarted))
        #expect(control.calls == (act == .stop ? ["USR2"] : ["USR2", "start"]))
    }

    // MARK: Jobs that end soon

    private func outcome(_ afterStart: [SupervisedProcess]) -> (RestartOutcome, [RestartNote]) {
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
    func `a job that has ended as expected has been started`(ended: SupervisedProcess) {
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

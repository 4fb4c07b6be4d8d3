import ListenerProtocol
import Testing

@testable import Listeners

struct PendingStartTests {
    typealias Sight = PendingStart.Sight

    private func step(from last: Sight, to now: Sight) -> PendingStart.Step {
        let process = ProcessName(group: "site", name: "web")
        return PendingStart(process: process, number: 1, lastSeen: last) { _ in }.step(now)
    }

    @Test(arguments: [
        (ProcessState.stopped, PendingStart.Step.start), (.exited, .start), (.fatal, .start),
        (.unknown, .start), (.stopping, .wait), (.backoff, .wait), (.starting, .wait),
        (.running, .forget("it is running")),
    ])
    func `At the first check every stopped process is started`(
        _ state: ProcessState, _ expected: PendingStart.Step
    ) {
        let stop = Sight(state: .stopping, start: 7)
        #expect(step(from: stop, to: Sight(state: state, start: 7)) == expected)
    }

    @Test func `A process whose start the Go implementation has ignored is started`() {
        let stop = Sight(state: .stopped, start: 7)
        let ignored = Sight(state: .backoff, start: 7, isFromGoSupervisord: true)
        #expect(step(from: stop, to: ignored) == .start)
        #expect(step(from: ignored, to: ignored) == .start)
        let own = Sight(state: .backoff, start: 8, isFromGoSupervisord: true)
        #expect(step(from: stop, to: own) == .wait)
    }

    @Test(arguments: ProcessState.allCases)
    func `A running process is not started again`(_ state: ProcessState) {
        let last = Sight(state: state, start: 7)
        #expect(step(from: last, to: Sight(state: .starting, start: 8)) == .wait)
        #expect(step(from: last, to: Sight(state: .running, start: 8)) == .report)
    }

    @Test(arguments: [ProcessState.starting, .backoff, .running, .stopped])
    func `A process that was seen after its stop is reported when it runs`(_ state: ProcessState) {
        let sight = Sight(state: state, start: 8)
        #expect(step(from: sight, to: Sight(state: .running, start: 8)) == .report)
    }

    @Test func `A start of ours that fails later is repeated`() {
        let starting = Sight(state: .starting, start: 8)
        #expect(step(from: starting, to: Sight(state: .fatal, start: 8)) == .start)
    }

    @Test func `A process that stays stopped is started again and again`() {
        let sight = Sight(state: .stopped, start: 7)
        #expect(step(from: sight, to: sight) == .start)
        #expect(step(from: Sight(state: .stopping, start: 7), to: sight) == .start)
    }

    @Test(arguments: [ProcessState.backoff, .fatal, .exited, .running, .starting, .unknown])
    func `A process that was not stopped before was stopped by someone else`(
        _ state: ProcessState
    ) {
        #expect(
            step(from: Sight(state: state, start: 7), to: Sight(state: .stopped, start: 7))
                == .forget("it was stopped by someone else"))
    }

    @Test func `A stopped process with another start time was started and stopped by someone else`()
    {
        for state in [ProcessState.stopped, .stopping] {
            #expect(
                step(from: Sight(state: state, start: 7), to: Sight(state: .stopped, start: 8))
                    == .forget("it was stopped by someone else"))
        }
    }

    @Test(arguments: [ProcessState.stopped, .fatal, .backoff, .exited])
    func `A failed start is retried from any state`(_ state: ProcessState) {
        for now in [ProcessState.fatal, .exited] {
            #expect(
                step(from: Sight(state: state, start: 7), to: Sight(state: now, start: 9))
                    == .start)
        }
    }
}

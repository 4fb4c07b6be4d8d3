import ListenerProtocol
import SupervisorRPC
import Testing

@testable import Listeners

/// Who of a pool looks back, and at which time.
@Suite struct ListenerAbsenceTests {
    /// A listener of the pool by its number, with its last end and start.
    private func member(
        _ number: Int, stop: Int, start: Int, _ state: ProcessState = .running,
        group: String = "crashmail"
    ) -> SupervisedProcess {
        var info = SupervisedProcess(name: "crashmail_0\(number)", group: group)
        info.stop = stop
        info.start = start
        info.stateCode = state.rawValue
        return info
    }

    private func absence(_ number: Int, _ infos: [SupervisedProcess]) -> ClosedRange<Int>? {
        let own = ProcessName(group: "crashmail", name: "crashmail_0\(number)")
        let absence = ListenerAbsence(of: own, among: infos, startedAt: 110)
        return absence.map { $0.begin...max($0.begin, $0.end) }
    }

    @Test func `a single listener checks its own absence`() {
        #expect(absence(0, [member(0, stop: 90, start: 110)]) == 90...110)
        #expect(absence(0, [member(0, stop: 0, start: 110)]) == 0...110)
    }

    @Test func `only the first of several listeners checks, for the time without any`() {
        let all = [
            member(0, stop: 90, start: 110), member(1, stop: 91, start: 109),
            member(2, stop: 89, start: 111),
        ]
        #expect(absence(0, all) == 91...109)
        #expect(absence(1, all) == nil && absence(2, all) == nil)
        #expect(absence(0, all.reversed()) == 91...109)
    }

    @Test func `a listener that is not running does not check`() {
        for state in [ProcessState.stopped, .fatal, .backoff, .exited, .stopping] {
            let all = [
                member(0, stop: 80, start: 70, state), member(1, stop: 90, start: 110),
                member(2, stop: 90, start: 110),
            ]
            #expect(absence(1, all) == 90...110)
            #expect(absence(2, all) == nil)
        }
    }

    @Test func `nothing was missed while another listener was running`() {
        let all = [member(0, stop: 90, start: 110), member(1, stop: 0, start: 50)]
        let own = ProcessName(group: "crashmail", name: "crashmail_00")
        let absence = ListenerAbsence(of: own, among: all, startedAt: 110)
        #expect(absence.map { time in (0...200).contains { time.contains($0) } } == false)
    }

    @Test func `other pools do not count`() {
        let all = [
            member(1, stop: 90, start: 110), member(0, stop: 0, start: 50, group: "crashsms"),
        ]
        #expect(absence(1, all) == 90...110)
    }
}

import Testing

@testable import ListenerProtocol
@testable import Listeners
@testable import SupervisorRPC

/// What is said of a process a second after it died at 100.
@Suite struct AftermathTests {
    private func words(
        _ state: ProcessState, pid: Int = 0, start: Int = 90, starts: Int? = nil,
        stateName: String = ""
    ) -> String? {
        var info = SupervisedProcess(name: "web")
        info.stateName = stateName
        info.stateCode = state.rawValue
        info.pid = pid
        info.start = start
        return Aftermath(info: info, time: 100, starts: starts).words
    }

    @Test func `one that was restarted has a pid`() {
        #expect(words(.running, pid: 4711, start: 100) == "restarted, running (pid 4711)")
        #expect(words(.starting, pid: 4711, start: 100) == "restarted, starting (pid 4711)")
    }

    @Test(
        arguments: [
            (nil, "in BACKOFF"), (0, "in BACKOFF"), (1, "in BACKOFF, first try"),
            (3, "in BACKOFF, third try"), (12, "in BACKOFF, try 12"),
        ] as [(Int?, String)])
    func `one that does not stay up has tries`(_ starts: Int?, _ expected: String) {
        #expect(words(.backoff, start: 100, starts: starts) == expected)
    }

    @Test func `a process that is not restarted stays down`() {
        #expect(words(.exited) == "stays down: supervisord does not restart it")
        #expect(words(.fatal) == "stays down: supervisord no longer starts it")
        #expect(words(.stopped) == "stopped on request")
        #expect(words(.stopping, pid: 1) == "stopped on request")
    }

    @Test func `the Go implementation may start a process that is down`() {
        #expect(words(.exited, stateName: "Exited") == "down (EXITED)")
        #expect(words(.fatal, stateName: "Fatal") == "down (FATAL)")
        #expect(
            words(.exited, start: 101, stateName: "Exited") == "restarted, and EXITED again")
    }

    @Test func `one that has exited since is another crash`() {
        #expect(words(.exited, start: 101) == "restarted, and EXITED again")
        #expect(words(.exited, start: 100, starts: 1) == "restarted, and EXITED again")
    }

    @Test func `an unknown state is omitted`() {
        #expect(words(.unknown) == nil)
    }
}

// Ends of processes in the log of the Go host.

import Testing

@testable import Listeners

@Suite struct GoHostLogTests {
    private static let text = """
        time="2026-11-21T15:04:55Z" level=info msg="program stopped with status:exit status 4" program="网站"
        time="2026-11-21T15:04:55Z" level=info msg="program stopped with status:signal: killed" program=killed
        time="2026-11-21T15:04:50Z" level=info msg="program stopped with status:exit status 1" program=crasher
        time="2026-11-21T16:04:55+01:00" level=info msg="program stopped with status:exit status 3" program=crasher
        time="2026-11-21T15:04:59Z" level=info msg="program stopped with status:exit status 9" program="a \\"b\\" \\\\c"
        time="2026-11-21T15:04:58Z" level=info msg="program stopped with status:signal: aborted (core dumped)" program=core
        time="2026-11-21T15:04:58Z" level=info msg="program stopped with status:unknown" program=odd
        time="2026-11-21T15:04:58Z" level=info msg="program stopped with status:signal: \u{301}x" program="\u{301}é"
        level=info msg="program stopped with status:exit status 7" program=torn
        time="not a time" level=info msg="program stopped with status:exit status 7" program=torn
        """

    /// 2026-11-21 15:04:55 UTC.
    private static let time = 1_795_273_495

    private func end(
        _ name: String, _ seconds: ClosedRange<Int> = time...time + 5
    ) -> GoHostLog.End? {
        GoHostLog(Self.text).end(of: name, during: seconds)
    }

    @Test func `the latest exit is used, with quoted and plain names and in any time zone`() {
        #expect(end("crasher") == .init(exitStatus: 3))
        #expect(end("网站") == .init(exitStatus: 4))
        #expect(end(#"a "b" \c"#) == .init(exitStatus: 9))
        #expect(end("crasher", Self.time - 10...Self.time - 1) == .init(exitStatus: 1))
    }

    @Test func `a signal is converted as in a shell's exit status`() {
        #expect(end("crasher")?.status == 3)
        #expect(end("killed")?.status == 137)
        #expect(end("core")?.status == 134)
        #expect(end("\u{301}é")?.status == nil)
        #expect(GoHostLog.End().status == nil)
    }

    @Test func `a signal is named in Go's words`() {
        #expect(end("killed") == .init(signal: "killed"))
        #expect(end("\u{301}é") == .init(signal: "\u{301}x"))
        #expect(end("core") == .init(signal: "aborted (core dumped)"))
    }

    @Test(arguments: ["crash", "odd", "torn", "nobody", ""])
    func `a process without a line is unknown`(name: String) {
        #expect(end(name) == nil)
    }

    @Test func `an end before the start or much later is ignored`() {
        #expect(end("crasher", Self.time + 1...Self.time + 9) == nil)
        #expect(end("killed", 0...Self.time - 1) == nil)
    }
}

// Which changes of state end everything.

import ListenerProtocol
import System
import Testing
import Text

@testable import Listeners

@Suite struct FatalExitTriggersTests {
    private static let start = Instant.now
    private let web = ProcessName(group: "shop", name: "web")

    private func exit(_ process: ProcessName, expected: Bool = false) throws -> ProcessStateChange {
        try change(
            "PROCESS_STATE_EXITED", process, "from_state:RUNNING expected:\(expected ? 1 : 0) pid:7"
        )
    }

    private func fatal(_ process: ProcessName) throws -> ProcessStateChange {
        try change("PROCESS_STATE_FATAL", process, "from_state:BACKOFF")
    }

    private func change(
        _ name: String, _ process: ProcessName, _ rest: String
    ) throws -> ProcessStateChange {
        let payload = "processname:\(process.name) groupname:\(process.group) \(rest)"
        let event = Event(
            header: try EventHeader(
                "ver:3.0 server:supervisor serial:1 pool:p poolserial:1 eventname:\(name) "
                    + "len:\(payload.utf8.count)"),
            payload: Array(payload.utf8))
        guard case .processState(let change) = try event.content() else {
            throw NoChange()
        }
        return change
    }

    private struct NoChange: Error {}

    private func kind(
        _ triggers: inout FatalExitTriggers, _ change: ProcessStateChange, _ name: EventName,
        after seconds: Int = 0
    ) -> String {
        kind(triggers.note(change, name, at: Self.start + .seconds(seconds)))
    }

    private func kind(_ consequence: FatalExitTriggers.Consequence) -> String {
        switch consequence {
        case .none: "none"
        case .end(let cause): "end \(cause.kind)"
        case .endIfDown(let cause): "end if down \(cause.kind)"
        }
    }

    @Test func `FATAL and a lasting unexpected exit stop supervisord`() throws {
        var triggers = FatalExitTriggers()
        #expect(kind(&triggers, try fatal(web), .processStateFatal) == "end fatal")
        #expect(kind(&triggers, try exit(web), .processStateExited) == "end if down exited")
        #expect(kind(&triggers, try exit(web, expected: true), .processStateExited) == "none")
        #expect(kind(&triggers, try fatal(web), .processStateStopped) == "none")
    }

    @Test func `an exit between two restarts of supervisord is not lasting`() throws {
        var triggers = FatalExitTriggers()
        guard
            case .endIfDown(let first) =
                triggers.note(try exit(web), .processStateExited, at: Self.start)
        else {
            Issue.record("an unexpected exit has no consequence")
            return
        }
        #expect(triggers.isLatest(first))
        // It is EXITED again a second later, but not since then.
        for name in ["STARTING", "RUNNING"] {
            let change = try change("PROCESS_STATE_\(name)", web, "from_state:EXITED tries:0")
            _ = triggers.note(change, EventName(rawValue: "PROCESS_STATE_\(name)"), at: Self.start)
        }
        _ = triggers.note(try exit(web), .processStateExited, at: Self.start)
        #expect(!triggers.isLatest(first))
    }

    @Test func `on selects the state`() throws {
        var triggers = FatalExitTriggers()
        triggers.isForExited = false
        #expect(kind(&triggers, try exit(web), .processStateExited) == "none")
        #expect(kind(&triggers, try fatal(web), .processStateFatal) == "end fatal")
        triggers.isForExited = true
        triggers.isForFatal = false
        #expect(kind(&triggers, try exit(web), .processStateExited) == "end if down exited")
        #expect(kind(&triggers, try fatal(web), .processStateFatal) == "none")
        #expect(triggers.consequence(of: FoundProcess(process: web, state: .fatal)) == .none)
    }

    @Test func `listeners do not count unless a pattern names them`() throws {
        var triggers = FatalExitTriggers()
        let listener = ProcessName(group: "crashmail", name: "crashmail")
        let own = ProcessName(group: "fatalexit", name: "fatalexit")
        triggers.listenerGroups = ["crashmail", "fatalexit"]
        triggers.own = own
        #expect(kind(&triggers, try fatal(listener), .processStateFatal) == "none")
        triggers.patterns = [ProcessPattern("*")]
        #expect(kind(&triggers, try fatal(listener), .processStateFatal) == "end fatal")
        #expect(kind(&triggers, try fatal(own), .processStateFatal) == "none")
        triggers.patterns = [ProcessPattern("shop:w*")]
        #expect(kind(&triggers, try fatal(listener), .processStateFatal) == "none")
        #expect(kind(&triggers, try fatal(web), .processStateFatal) == "end fatal")
    }

    @Test func `a group whose name only looks like a listener's counts`() throws {
        var triggers = FatalExitTriggers()
        triggers.listenerGroups = ["caf\u{E9}"]
        let program = ProcessName(group: "cafe\u{301}", name: "web")
        #expect(kind(&triggers, try fatal(program), .processStateFatal) == "end fatal")
    }

    @Test func `a crash loop is a number of exits of one program within a time`() throws {
        var triggers = FatalExitTriggers()
        triggers.isForExited = false
        triggers.crashLoop = RestartLimit(count: 3, period: 60)
        let other = ProcessName(group: "other", name: "other")
        #expect(kind(&triggers, try exit(web), .processStateExited) == "none")
        #expect(kind(&triggers, try exit(other), .processStateExited) == "none")
        #expect(kind(&triggers, try exit(web), .processStateExited, after: 30) == "none")
        // The first is too long ago by then.
        #expect(kind(&triggers, try exit(web), .processStateExited, after: 61) == "none")
        #expect(
            kind(&triggers, try exit(web), .processStateExited, after: 90).hasPrefix(
                "end crashLoop"))
    }

    @Test func `stopping a program resets its exit count`() throws {
        var triggers = FatalExitTriggers()
        triggers.isForExited = false
        triggers.crashLoop = RestartLimit(count: 2, period: 60)
        #expect(kind(&triggers, try exit(web), .processStateExited) == "none")
        let stop = try change("PROCESS_STATE_STOPPED", web, "from_state:STOPPING pid:7")
        #expect(kind(&triggers, stop, .processStateStopped) == "none")
        #expect(kind(&triggers, try exit(web), .processStateExited, after: 1) == "none")
    }

    @Test func `any exit of a main program stops supervisord`() throws {
        var triggers = FatalExitTriggers()
        triggers.main = [ProcessPattern("web")]
        triggers.patterns = [ProcessPattern("nothing")]
        triggers.isForFatal = false
        #expect(
            kind(&triggers, try exit(web, expected: true), .processStateExited)
                == "end main(isExpected: true)")
        #expect(
            kind(&triggers, try exit(web), .processStateExited) == "end main(isExpected: false)")
        #expect(
            kind(&triggers, try fatal(web), .processStateFatal) == "end mainFatal")
    }

    @Test(
        arguments: [
            (.fatal, nil, "end fatal", "end mainFatal"),
            (.exited, false, "end if down exited", "end main(isExpected: false)"),
            (.exited, true, "none", "end main(isExpected: true)"),
            // Without exitcodes=, whether the exit was expected is not known.
            (.exited, nil, "none", "end main(isExpected: true)"),
            (.stopped, false, "none", "none"), (.running, nil, "none", "none"),
            (.backoff, false, "none", "none"),
        ] as [(ProcessState, Bool?, String, String)])
    func `a program found in a state is evaluated as if it had just changed to it`(
        _ state: ProcessState, _ isExpected: Bool?, _ expected: String, _ expectedOfMain: String
    ) throws {
        let process = FoundProcess(process: web, state: state, isExpected: isExpected)
        let found = try #require(FoundProcess(fields: process.fields))
        var triggers = FatalExitTriggers()
        #expect(kind(triggers.consequence(of: found)) == expected)
        triggers.patterns = [ProcessPattern("other")]
        #expect(kind(triggers.consequence(of: found)) == "none")
        triggers.main = [ProcessPattern("web")]
        #expect(kind(triggers.consequence(of: found)) == expectedOfMain)
    }

    @Test func `an exit found at startup is not the latest change once the program starts`() throws
    {
        var triggers = FatalExitTriggers()
        let found = FoundProcess(process: web, state: .exited, isExpected: false)
        guard case .endIfDown(let cause) = triggers.consequence(of: found) else {
            Issue.record("an exit at startup has no consequence")
            return
        }
        #expect(triggers.isLatest(cause))
        let start = try change("PROCESS_STATE_STARTING", web, "from_state:EXITED tries:0")
        _ = triggers.note(start, EventName(rawValue: "PROCESS_STATE_STARTING"), at: Self.start)
        #expect(!triggers.isLatest(cause))
    }

    @Test(
        arguments: [
            (.fatal, 7, 7), (.fatal, nil, 1), (.fatal, 0, 1), (.exited, 139, 139),
            (.exited, 0, 1), (.main(isExpected: true), 0, 0), (.main(isExpected: true), 3, 3),
            (.main(isExpected: true), nil, 0), (.main(isExpected: false), nil, 1),
            (.main(isExpected: false), 0, 0), (.mainFatal, 7, 7), (.mainFatal, 0, 0),
            (.mainFatal, nil, 1),
        ] as [(FatalExitCause.Kind, Int32?, Int32)])
    func `the status is the program's, and a failure is never 0`(
        _ kind: FatalExitCause.Kind, _ own: Int32?, _ status: Int32
    ) {
        #expect(FatalExitCause(process: web, kind: kind).status(own: own) == status)
    }

    @Test func `a delay ends when the program is running or stopped`() {
        let cause = FatalExitCause(process: web, kind: .fatal)
        for state in [ProcessState.running, .stopped, .stopping] {
            #expect(!cause.holdsAfterDelay(in: state, isLooping: false))
        }
        for state in [ProcessState.fatal, .exited, .backoff] {
            #expect(cause.holdsAfterDelay(in: state, isLooping: false))
        }
    }

    @Test func `a program in a crash loop has recovered only if it runs longer than in the loop`()
        throws
    {
        var triggers = FatalExitTriggers()
        triggers.crashLoop = RestartLimit(count: 3, period: 60)
        for second in 0..<2 {
            _ = triggers.note(
                try exit(web), .processStateExited, at: Self.start + .seconds(second))
        }
        guard
            case .end(let cause) = triggers.note(
                try exit(web), .processStateExited, at: Self.start + .seconds(2))
        else {
            Issue.record("no crash loop")
            return
        }
        #expect(triggers.isLooping(cause, at: Self.start + .seconds(21)))
        #expect(cause.holdsAfterDelay(in: .running, isLooping: true))
        // Whoever stops it has decided.
        #expect(!cause.holdsAfterDelay(in: .stopped, isLooping: true))
        #expect(!triggers.isLooping(cause, at: Self.start + .seconds(22)))
        _ = triggers.note(try exit(web), .processStateExited, at: Self.start + .seconds(22))
        #expect(triggers.isLooping(cause, at: Self.start + .seconds(41)))
        triggers.forgetExits(of: web)
        #expect(!triggers.isLooping(cause, at: Self.start + .seconds(41)))
    }

    @Test func `a configuration without listeners is passed on`() throws {
        let facts = try #require(SupervisordFacts(fields: ["0"]))
        #expect(facts.listenerGroups.isEmpty)
        #expect(facts.events == nil)
        let others = try #require(SupervisordFacts(fields: ["1", "mail", "TICK_5"]))
        #expect(others.listenerGroups == ["mail"])
        #expect(others.events == [.tick5])
    }
}

import Testing

@testable import ListenerProtocol

struct EventTests {
    @Test func `process and event names are compared byte by byte`() {
        let names = ["caf\u{E9}", "cafe\u{301}"].map { ProcessName(group: $0, name: "web") }
        #expect(names[0] != names[1] && Set(names).count == 2)
        #expect(ProcessName(group: "ab", name: "c") != ProcessName(group: "a", name: "bc"))
        #expect(ProcessName(group: "caf\u{E9}", name: "cafe\u{301}").description.contains(":"))
        #expect(EventName(rawValue: "TIC\u{212A}_5") != .tick5)
        #expect(!(.tick ~= EventName(rawValue: "TIC\u{212A}_5")))
    }

    private func event(_ name: String, _ payload: String) throws -> Event {
        let length = payload.unicodeScalars.count
        let header = try EventHeader(
            "ver:3.0 server:main serial:21 pool:listener poolserial:10 eventname:\(name) len:\(length)"
        )
        return Event(header: header, payload: Array(payload.utf8))
    }

    @Test func `a header is parsed`() throws {
        let header = try EventHeader(
            "ver:3.0 server:main serial:21 pool:a:b poolserial:10 eventname:TICK_60 len:15 new:1")
        #expect(header.name == .tick60)
        #expect(header.payloadLength == 15)
        #expect(header.serial == 21)
        #expect(header.poolSerial == 10)
        #expect(header.pool == "a:b")
        #expect(header.server == "main")
        #expect(header.tokens["new"] == "1")
    }

    @Test func `a change of state is parsed`() throws {
        let event = try event(
            "PROCESS_STATE_EXITED",
            "processname:cat groupname:pets from_state:RUNNING expected:0 pid:2766")
        guard case .processState(let change) = try event.content() else {
            Issue.record("not a change of state")
            return
        }
        #expect(change.process == ProcessName(group: "pets", name: "cat"))
        #expect(change.process.description == "pets:cat")
        #expect(change.fromState == .running)
        #expect(change.fromStateName == "RUNNING")
        #expect(change.toState == .exited)
        #expect(change.isExpected == false)
        #expect(change.pid == 2766)
    }

    @Test(arguments: ProcessState.allCases)
    func `a change has the states in its name and in its payload`(state: ProcessState) throws {
        // The Go implementation sends mixed case.
        let name = state.name
        for name in [name, name.prefix(1) + name.dropFirst().lowercased()] {
            let event = try event(
                "PROCESS_STATE_\(state.name)", "processname:a from_state:\(name) expected:1")
            guard case .processState(let change) = try event.content() else {
                Issue.record("not a change of state")
                return
            }
            #expect(change.fromState == state)
            #expect(change.fromStateName == state.name)
            #expect(change.toState == state)
        }
    }

    @Test func `an unknown state is none`() throws {
        let event = try event("PROCESS_STATE_PAUSED", "processname:a from_state:Dozing")
        guard case .processState(let change) = try event.content() else {
            Issue.record("not a change of state")
            return
        }
        #expect(change.fromState == nil)
        #expect(change.fromStateName == "DOZING")
        #expect(change.toState == nil)
    }

    @Test func `a name with a space is preserved`() throws {
        let event = try event(
            "PROCESS_STATE_FATAL", "processname:my cat groupname:all my pets from_state:BACKOFF")
        guard case .processState(let change) = try event.content() else {
            Issue.record("not a change of state")
            return
        }
        #expect(change.process == ProcessName(group: "all my pets", name: "my cat"))
    }

    @Test(arguments: ["PROCESS_LOG_STDERR", "PROCESS_COMMUNICATION_STDERR"])
    func `output keeps every byte after the first line`(name: String) throws {
        let event = try event(
            name, "processname:cat groupname:cat pid:9\nfirst:line\n\nthird\u{0}网站")
        let output: ProcessOutput
        switch try event.content() {
        case .processLog(let found), .processCommunication(let found): output = found
        default:
            Issue.record("not output")
            return
        }
        #expect(output.stream == .stderr)
        #expect(output.pid == 9)
        #expect(String(decoding: output.data, as: UTF8.self) == "first:line\n\nthird\u{0}网站")
    }

    @Test func `the other events are parsed`() throws {
        #expect(
            try event("REMOTE_COMMUNICATION", "type:deploy\nv1:2").content()
                == .remoteCommunication(type: "deploy", data: Array("v1:2".utf8)))
        #expect(try event("SUPERVISOR_STATE_CHANGE_RUNNING", "").content() == .supervisorRunning)
        #expect(try event("SUPERVISOR_STATE_CHANGE_STOPPING", "").content() == .supervisorStopping)
        #expect(
            try event("PROCESS_GROUP_ADDED", "groupname:cat").content()
                == .processGroupAdded(group: "cat"))
        #expect(
            try event("PROCESS_GROUP_REMOVED", "groupname:网站").content()
                == .processGroupRemoved(group: "网站"))
        guard case .tick(let tick) = try event("TICK_3600", "when:1201063880").content() else {
            Issue.record("not a tick")
            return
        }
        #expect(tick.period == 3600)
        #expect(tick.timestamp == 1_201_063_880)
    }

    @Test(arguments: ["SOMETHING_NEW", "EVENT", "PROCESS_GROUP", "SUPERVISOR_STATE_CHANGE_PAUSED"])
    func `an unknown event is accepted`(name: String) throws {
        #expect(try event(name, "what:ever").content() == .other)
    }

    @Test(arguments: [
        ("PROCESS_STATE_EXITED", "groupname:a expected:0 pid:1"),
        ("PROCESS_STATE_EXITED", "processname:a groupname:a pid:1"),
        ("PROCESS_STATE_EXITED", "processname:a groupname:a expected:maybe pid:1"),
        ("PROCESS_STATE_FATAL", ""), ("PROCESS_LOG_STDOUT", "nothing here"),
        ("TICK_", ""), ("TICK_soon", "when:1"), ("TICK_+5", "when:1"), ("TICK_\u{301}5", "when:1"),
        ("REMOTE_COMMUNICATION", "data"),
        ("PROCESS_GROUP_ADDED", "processname:a"),
    ])
    func `a payload without a required field is an error`(name: String, payload: String)
        throws
    {
        let event = try event(name, payload)
        #expect(throws: PayloadError.self) { try event.content() }
    }

    @Test(arguments: [
        ("EVENT", "TICK_5", true), ("TICK", "TICK_5", true), ("TICK_5", "TICK_5", true),
        ("TICK_5", "TICK_60", false), ("PROCESS_STATE", "PROCESS_STATE_EXITED", true),
        ("PROCESS_STATE_EXITED", "PROCESS_STATE", false), ("TICK", "TICKLE", false),
        ("PROCESS_LOG", "PROCESS_LOG_STDERR", true),
    ])
    func `a type matches its subtypes`(kind: String, name: String, matches: Bool) {
        #expect((EventName(rawValue: kind) ~= EventName(rawValue: name)) == matches)
    }
}

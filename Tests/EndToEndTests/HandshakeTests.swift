import Foundation
import Glibc
import TestSupport
import Testing

/// The READY/RESULT loop of the tools.
@Suite struct HandshakeTests {
    @Test(arguments: Tool.allCases)
    func `Every tool sends READY, OK and READY`(_ tool: Tool) throws {
        let running = try RunningTool.ready(tool, tool.usualArguments)
        try running.handle(.state("RUNNING", "web", from: "STARTING", "pid:42"))
        try running.handle(.communication("web", "one line\nand another\n"))
        try running.handle(.supervisor("STOPPING"))
        #expect(try running.finishSilently() == .exited(0))
    }

    @Test(arguments: Tool.allCases)
    func `An idle tool unmaps its code`(_ tool: Tool) throws {
        let running = try RunningTool.ready(tool, tool.usualArguments)
        let path = "/proc/\(running.process.pid)/status"
        func size(_ name: String) throws -> Int {
            let status = try String(contentsOfFile: path, encoding: .utf8)
            let line = try #require(
                status.split(separator: "\n").first { $0.hasPrefix("\(name):") })
            return try #require(Int(line.filter(\.isNumber)))
        }
        // It has read its options and sent READY, and will hardly do so again.
        try eventually("two thirds of its largest size") {
            try 3 * size("VmRSS") < 2 * size("VmHWM")
        }
        #expect(try running.finishSilently() == .exited(0))
    }

    @Test(arguments: Tool.allCases)
    func `Every tool exits with 0 when its stdin ends`(_ tool: Tool) throws {
        let running = try RunningTool.ready(tool, tool.usualArguments)
        #expect(try running.finishSilently() == .exited(0))
    }

    @Test(arguments: Tool.allCases)
    func `Every tool run by hand reports that it is an event listener`(_ tool: Tool) throws {
        let process = try RunningTool.byHand(tool, tool.usualArguments)
        process.closeInput()
        #expect(try process.waitForExit() == .exited(64))
        #expect(process.standardError.contains("run as a supervisor event listener"))
        #expect(try process.readToEnd().isEmpty)
    }

    @Test(arguments: EventFrame.Length.allCases)
    func `A frame can arrive byte by byte, whatever its len counts`(
        _ length: EventFrame.Length
    ) throws {
        let mailbox = try Mailbox()
        let running = try RunningTool.ready(
            .crashmail, ["-m", "ops@example.org", "-s", mailbox.command], length: length)
        for byte in running.frame(.exited("网站")).bytes {
            try running.process.write([byte])
            usleep(1000)
        }
        try running.waitForOK()
        try running.waitForReady()
        #expect(try mailbox.waitForMails(1)[0].told.contains("Process 网站 in group 网站 exited"))
    }

    @Test(arguments: Tool.mailers)
    func `Events are acknowledged while every mail hangs`(_ tool: Tool) throws {
        let mailbox = try Mailbox(.hangs)
        let running = try RunningTool.ready(
            tool,
            tool.writing(to: "ops@example.org")
                + ["--sendmail_program", mailbox.command, "--flood-limit", "0"])
        for number in 1...20 {
            for event in tool.occasions("web\(number)") {
                try running.handle(event, within: .seconds(20))
            }
        }
        try mailbox.waitForAttempts(8)
        #expect(mailbox.count == 0)
    }

    @Test func `sendmail's stdout never reaches supervisord`() throws {
        let mailbox = try Mailbox()
        let chatter = "echo READY; echo 'RESULT 4'; echo FAIL; \(mailbox.command); echo READY"
        let running = try RunningTool.ready(
            .crashmail, ["-m", "ops@example.org", "-s", chatter])
        for number in 1...3 {
            try running.handle(.exited("web\(number)"))
            _ = try mailbox.waitForMails(number)
        }
        try running.handle(.tick(5))
        #expect(try running.finishSilently() == .exited(0))
    }

    @Test func `Ten thousand events are acknowledged, and the relevant ones reported`() throws {
        let mailbox = try Mailbox()
        let running = try RunningTool.ready(
            .crashmailbatch,
            Tool.crashmailbatch.writing(to: "ops@example.org") + ["--sendmail", mailbox.command])
        let others: [EventPayload] = [
            .exited("done", expected: true), .state("STARTING", "web", from: "EXITED", "tries:0"),
            .log("web", "GET / 200\n"), .exited("网站"), .tick(5),
        ]
        for number in 0..<10_000 {
            let other = others[number % others.count]
            try running.handle(number % 10 == 7 ? .exited("p\(number)", pid: number) : other)
        }
        try running.handle(.tick(60))
        let lines = try mailbox.waitForMails(1)[0].told.split(separator: "\n")
        #expect(lines.count == 51)
        #expect(lines.first?.hasSuffix(" died unexpectedly") == true)
        #expect(lines.last == "and 2950 more")
        #expect(try running.finishSilently() == .exited(0))
    }

    @Test(arguments: EventFrame.Length.allCases, ["x", "监", "é🐟\n"])
    func `A payload of a megabyte is one event`(_ length: EventFrame.Length, _ unit: String) throws
    {
        let mailbox = try Mailbox()
        let running = try RunningTool.ready(
            .crashmail, ["-m", "ops@example.org", "-s", mailbox.command], length: length)
        let text = String(repeating: unit, count: 1_048_576 / unit.utf8.count)
        try running.handle(.log("talker", text))
        try running.handle(.communication("talker", text))
        try running.handle(.exited("talker"))
        #expect(try mailbox.waitForMails(1)[0].told.hasPrefix("Process talker in group"))
        #expect(try running.finishSilently() == .exited(0))
    }

    @Test func `Output that contains a frame is one event`() throws {
        let mailbox = try Mailbox()
        let running = try RunningTool.ready(
            .crashmail, ["-m", "ops@example.org", "-s", mailbox.command])
        let forged = EventFrame(.exited("forged", pid: 1), serial: 900, poolSerial: 900).bytes
        let head = "processname:cat groupname:cat pid:7\n"
        // As many extra bytes as the frame has: it begins after len bytes.
        let output = Array(String(repeating: "é", count: forged.count).utf8) + forged
        let event = EventPayload("PROCESS_LOG_STDOUT", bytes: Array(head.utf8) + output)
        try running.handle(event)
        try running.handle(.exited("web"))
        #expect(try mailbox.waitForMails(1)[0].told.hasPrefix("Process web in group"))
        #expect(try running.finishSilently() == .exited(0))
        #expect(mailbox.count == 1)
    }

    @Test func `Several frames in one write are several events`() throws {
        let mailbox = try Mailbox()
        let running = try RunningTool.ready(
            .crashmail, ["-m", "ops@example.org", "-s", mailbox.command])
        let events: [EventPayload] = [
            .exited("first"), .tick(5), .exited("第二"), .supervisor("RUNNING"), .exited("third"),
        ]
        try running.process.write(events.flatMap { running.frame($0).bytes })
        for _ in events {
            try running.waitForOK()
            try running.waitForReady()
        }
        let names = try mailbox.waitForMails(3).map { $0.told.split(separator: " ")[1] }
        #expect(Set(names) == ["first", "第二", "third"])
    }

    @Test(arguments: Tool.allCases)
    func `No number in a header crashes a tool`(_ tool: Tool) throws {
        let running = try RunningTool.ready(tool, tool.usualArguments)
        for number in [1, Int.max, .min + 1, .min, 0, .max] {
            let header =
                "ver:3.0 server:supervisor serial:\(number) pool:\(tool) poolserial:\(number) "
                + "eventname:TICK_9223372036854775807 len:25"
            try running.process.write(
                EventFrame(header: header, payload: Array("when:-9223372036854775807".utf8)).bytes)
            try running.waitForOK()
            try running.waitForReady()
        }
        #expect(try running.finish() == .exited(0))
        #expect(!running.standardError.contains("dropped"))
    }

    @Test func `A repeated event is reported once`() throws {
        let mailbox = try Mailbox()
        let running = try RunningTool.ready(
            .crashmail, ["-m", "ops@example.org", "-s", mailbox.command])
        let copies = [
            ("web", 7, 1, "supervisor"), ("web", 7, 2, "supervisor"), ("web", 7, 3, "other"),
            ("job", 8, 4, "supervisor"), ("web", 7, 5, "supervisor"), ("job", 8, 6, "other"),
        ]
        for (name, serial, poolSerial, server) in copies {
            try running.process.write(
                EventFrame(
                    .exited(name), serial: serial, poolSerial: poolSerial, server: server
                ).bytes)
            try running.waitForOK()
            try running.waitForReady()
        }
        _ = try mailbox.waitForMails(4)
        #expect(try running.finishSilently() == .exited(0))
        #expect(mailbox.count == 4)
        #expect(running.standardError.contains("ignoring repeated event 7"))
    }

    @Test(arguments: Tool.allCases)
    func `Every tool ignores unknown and irrelevant events`(_ tool: Tool) throws {
        let running = try RunningTool.ready(tool, tool.usualArguments)
        let strangers: [EventPayload] = [
            EventPayload("PROCESS_STATE_DREAMING", "processname:web groupname:web from_state:X"),
            EventPayload("SOMETHING_NEW", "any text\nat: all"), EventPayload("EVENT", ""),
            .remote("deploy", "版本 3\u{0}\u{1B}[31m"), .group("ADDED", "网站"),
            .group("REMOVED", "a b"), .supervisor("RUNNING"),
            .log("web", channel: "stderr", "READY\nRESULT 2\nOK"),
        ]
        for stranger in strangers { try running.handle(stranger) }
        // Unknown tokens, and without the optional ones.
        try running.process.write(
            EventFrame(
                header: "ver:4.0 wind:south:west eventname:PROCESS_GROUP_ADDED colour: len:13",
                payload: Array("groupname:web".utf8)
            ).bytes)
        try running.waitForOK()
        try running.waitForReady()
        #expect(try running.finishSilently() == .exited(0))
        #expect(!running.standardError.contains("protocol error"))
    }

    @Test func `An invalid payload is logged and acknowledged`() throws {
        let mailbox = try Mailbox()
        let running = try RunningTool.ready(
            .crashmail, ["-m", "ops@example.org", "-s", mailbox.command])
        let misfits: [EventPayload] = [
            EventPayload("PROCESS_STATE_EXITED", ""),
            EventPayload("PROCESS_STATE_EXITED", "groupname:g from_state:RUNNING expected:0"),
            EventPayload("PROCESS_STATE_EXITED", "no token at all"),
            EventPayload("PROCESS_STATE_EXITED", bytes: [0xFF, 0xFE, 0x00, 0xE7]),
            EventPayload("TICK_often", "when:1"), EventPayload("PROCESS_LOG_STDOUT", "\n"),
            EventPayload("REMOTE_COMMUNICATION", "no type"),
        ]
        for (number, misfit) in misfits.enumerated() {
            try running.handle(misfit)
            try eventually("a line on each: \(running.standardError)") {
                running.standardError.split(separator: "\n")
                    .count { $0.hasPrefix("crashmail: warning: cannot read") } == number + 1
            }
        }
        try running.handle(.exited("web"))
        _ = try mailbox.waitForMails(1)
        #expect(try running.finishSilently() == .exited(0))
        #expect(mailbox.count == 1)
    }

    @Test func `A name that is not UTF-8 is reported with replacements`() throws {
        let mailbox = try Mailbox()
        let running = try RunningTool.ready(
            .crashmail, ["-m", "ops@example.org", "-s", mailbox.command], length: .bytes)
        let payload =
            Array("processname:caf".utf8) + [0xE9]
            + Array(" groupname:g from_state:RUNNING expected:0 pid:12".utf8)
        try running.process.write(
            EventFrame(
                header: "ver:3.0 serial:1 eventname:PROCESS_STATE_EXITED len:\(payload.count)",
                payload: payload
            ).bytes)
        try running.waitForOK()
        try running.waitForReady()
        #expect(
            try mailbox.waitForMails(1)[0].told
                == "Process caf\u{FFFD} in group g exited unexpectedly (pid 12) from state RUNNING\n"
        )
    }
}

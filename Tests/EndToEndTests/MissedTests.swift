import Foundation
import TestSupport
import Testing

/// Dropped events, missed incidents and supervisord's shutdown.
@Suite struct MissedTests {
    private static let manual = ["autorestart": "false", "startsecs": "0", "autostart": "false"]

    // MARK: Dropped events

    @Test(arguments: [("crashmail", true), ("crashmail_00", false)])
    func `Dropped events are reported by a listener that is alone in its pool`(
        _ process: String, _ isTold: Bool
    ) throws {
        let mailbox = try Mailbox()
        let running = try RunningTool.ready(
            .crashmail, ["-m", "ops@example.org", "-s", mailbox.command],
            environment: ["SUPERVISOR_PROCESS_NAME": process])
        for (serial, pid) in [(10, 1), (14, 2), (15, 3)] {
            let event = EventPayload.exited("web", pid: pid)
            let frame = EventFrame(
                event, serial: serial * 7, poolSerial: serial, pool: "crashmail")
            try running.process.write(frame.bytes)
            try running.waitForOK()
            try running.waitForReady()
            _ = try mailbox.waitForMails(pid)
        }
        let words =
            "supervisord has dropped 3 events before this: "
            + "raise buffer_size= in this listener's section"
        let told = try mailbox.mails().map { $0.body.hasSuffix("\n\n\(words)\n") }
        #expect(told == [false, isTold, false])
        #expect(running.standardError.contains("crashmail: warning: \(words)\n") == isTold)
    }

    // MARK: Missed incidents

    @Test(arguments: Supervisord.Version.allCases)
    func `Incidents while the listener was stopped are reported once`(
        _ version: Supervisord.Version
    ) throws {
        let mailbox = try Mailbox()
        let supervisord = try Supervisord(
            version,
            [
                .listener(
                    .crashmail, "-m ops@example.org -s \(mailbox.command)",
                    events: "PROCESS_STATE_EXITED,PROCESS_STATE_FATAL",
                    ["buffer_size": "1"]),
                .program("web", "/bin/sh -c 'exit 3'", Self.manual),
                .program(
                    "quick", "/bin/sh -c 'exit 3'", ["autostart": "false", "startretries": "0"]),
                .program("fine", "/bin/sh -c 'exit 0'", Self.manual),
                .program(
                    "seven", "/bin/sh -c 'exit 7'", Self.manual.merging(["exitcodes": "0,7"]) { $1 }
                ),
                .program("last", "/bin/sh -c 'exit 4'", Self.manual),
                .program("later", "/bin/sh -c 'kill -SEGV $$'", Self.manual),
            ])
        func run(_ name: String, until state: String = "EXITED") throws {
            // The call fails for a program that cannot be started.
            _ = try? supervisord.call("supervisor.startProcess", name)
            try supervisord.wait(for: name) { $0.statename == state }
        }
        func restart(after missed: () throws -> Void) throws {
            try supervisord.wait(for: "crashmail") { $0.statename == "RUNNING" }
            try supervisord.call("supervisor.stopProcess", "crashmail")
            try missed()
            try supervisord.call("supervisor.startProcess", "crashmail")
        }
        func mails(_ count: Int) throws -> [String] {
            try eventually(
                "\(count) mails, there are \(mailbox.count); "
                    + "\(supervisord.standardError(of: "crashmail"))"
            ) { mailbox.count >= count }
            return try mailbox.mails().map(\.body)
        }
        try restart {
            try run("web")
            try run("quick", until: "FATAL")
            try run("fine")
            try run("seven")
            // The buffer has room for this process's end, and for nothing else.
            try run("last")
        }
        let first = try mails(3)
        let web = try #require(first.first { $0.contains("Process web in group web") })
        #expect(web.contains("exited unexpectedly while this listener was not running"))
        #expect(web.contains("\nexit status: 3\n"))
        let quick = try #require(first.first { $0.contains("Process quick in group quick") })
        #expect(
            quick.contains("failed to start too many times while this listener was not running"))
        #expect(quick.contains("spawn error: Exited too quickly"))
        let last = try #require(first.first { $0.contains("Process last in group last") })
        #expect(last.contains(/exited unexpectedly \(pid \d+\) from state/))

        // A second scan finds only what is new.
        try restart {
            try run("later")
            try run("fine")
        }
        let all = try mails(4)
        #expect(all.count == 4)
        #expect(all.count { $0.contains("Process later in group later") } == 1)
        try supervisord.stop()
        #expect(mailbox.count == 4)
    }

    @Test func `Only one of three listeners of a pool reports missed incidents`() throws {
        let names = ["crashmail_00", "crashmail_01", "crashmail_02"]
        let mailbox = try Mailbox()
        let server = try XMLRPCServer(
            .unix,
            names.map { .init($0, group: "crashmail", pid: 5_000_000) } + [
                .init("web", pid: 0, start: 0, state: 200, statename: "FATAL")
            ])
        let listeners = try names.map { name in
            try RunningTool(
                .crashmail, ["-m", "ops@example.org", "-s", mailbox.command],
                serverURL: server.url, environment: ["SUPERVISOR_PROCESS_NAME": name])
        }
        for listener in listeners { try listener.waitForReady() }
        _ = try mailbox.waitForMails(1)
        // Each scans three seconds after its start, and one diagnoses its findings.
        try eventually("three looks") {
            try server.calls().count { $0.contains("getAllProcessInfo") } >= 4
        }
        for listener in listeners { #expect(try listener.finish() == .exited(0)) }
        #expect(mailbox.count == 1)
    }

    // MARK: Shutdown

    /// A program that exits with status 3 as soon as another one is being stopped.
    @Test(arguments: Supervisord.Version.allCases, [0.0, 1.0])
    func `An exit caused by supervisord's shutdown is not a crash`(
        _ version: Supervisord.Version, _ delay: Double
    ) throws {
        let folder = try TemporaryDirectory()
        let server = try MailServer()
        let mailbox = try Mailbox()
        let flag = try folder.write("alive", "")
        let base = try folder.writeProgram(
            "base",
            """
            #!/bin/bash
            trap 'rm -f "\(flag)"; sleep \(delay); exit 0' TERM
            while :; do sleep 0.05; done
            """)
        let user = try folder.writeProgram(
            "user", "#!/bin/bash\nwhile [ -e '\(flag)' ]; do sleep 0.02; done\nexit 3\n")
        let batch = "-t ops@example.org -f super@example.org -H \(server.address) -i 0 -e TICK_5"
        let supervisord = try Supervisord(
            version,
            [
                .listener(
                    .crashmail, "-m ops@example.org -s \(mailbox.command)",
                    events: "PROCESS_STATE_EXITED"),
                .listener(.crashmailbatch, batch, events: "PROCESS_STATE_EXITED,TICK_5"),
                .listener(.crashsms, batch, events: "PROCESS_STATE_EXITED,TICK_5"),
                .program("base", base, ["startsecs": "0", "priority": "900"]),
                .program(
                    "user", user, ["startsecs": "0", "priority": "100", "autorestart": "false"]),
                .program(
                    "before", "/bin/sh -c 'exit 5'",
                    ["startsecs": "0", "priority": "100", "autorestart": "false"]),
            ])
        // A crash before the shutdown counts.
        _ = try mailbox.waitForMails(1)
        _ = try server.waitForMessages(2)
        try supervisord.wait(for: "user") { $0.statename == "RUNNING" }
        try supervisord.stop()
        let tools: [Tool] = [.crashmail, .crashmailbatch, .crashsms]
        let logs = tools.map { supervisord.standardError(of: $0.rawValue) }
        #expect(mailbox.count == 1, "\(logs)")
        #expect(try server.messages().count == 2, "\(logs)")
        if delay > 0 {
            for log in logs {
                #expect(log.contains("alert suppressed, supervisord is shutting down: "), "\(log)")
            }
        }
    }
}

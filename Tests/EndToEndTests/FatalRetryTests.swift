// fatalretry under a real supervisord.

import Foundation
import TestSupport
import Testing

@Suite struct FatalRetryTests {
    private static let events = "PROCESS_STATE,SUPERVISOR_STATE_CHANGE"

    /// A program that runs once a file exists.
    private static let web = Supervisord.Section.program(
        "web", "sh -c 'test -e %(here)s/well && exec sleep 1000; exit 1'", ["startretries": "0"])

    private func wait(_ supervisord: Supervisord, for line: String) throws {
        try eventually("'\(line)' in: \(supervisord.standardError(of: "fatalretry"))") {
            supervisord.standardError(of: "fatalretry").contains(line)
        }
    }

    @Test(arguments: Supervisord.Version.allCases)
    func `it starts a FATAL program until it runs`(_ version: Supervisord.Version) throws {
        let mailbox = try Mailbox()
        let supervisord = try Supervisord(
            version,
            [
                Self.web,
                .listener(
                    .fatalretry,
                    "-p 'w*' --backoff 1s..2s -m ops@example.org -s \(mailbox.command)",
                    events: Self.events),
            ])
        try wait(supervisord, for: "is FATAL again after attempt 2")
        _ = try supervisord.directory.write("well", "")
        try supervisord.wait(for: "web") { $0.statename == "RUNNING" }
        let mails = try mailbox.waitForMails(3)
        // A single mail thread. Mails of the same second can arrive in any order.
        let first = try #require(mails.first { $0["Subject"] == "web is FATAL" })
        let replies = mails.filter { $0["Subject"] == "Re: web is FATAL" }
        #expect(replies.count == 2)
        #expect(replies.allSatisfy { $0["In-Reply-To"] == first["Message-ID"] })
        try supervisord.stop()
    }

    @Test func `starting the program by hand ends the series`() throws {
        let supervisord = try Supervisord(
            .current,
            [
                Self.web,
                .listener(.fatalretry, "-p web --backoff 1h", events: Self.events),
            ])
        try wait(supervisord, for: "Process web in group web is FATAL; starting it in ")
        _ = try supervisord.directory.write("well", "")
        try supervisord.call("supervisor.startProcess", "web")
        try wait(
            supervisord, for: "web was stopped or started by someone else; no longer retrying")
        try supervisord.stop()
    }

    @Test func `a program that supervisorctl update replaces begins a new series`() throws {
        let supervisord = try Supervisord(
            .current,
            [
                Self.web,
                .listener(.fatalretry, "-p web --backoff 1h", events: Self.events),
            ])
        let line = "Process web in group web is FATAL; starting it in "
        try wait(supervisord, for: line)
        try eventually("a new series\n\(supervisord.standardError(of: "fatalretry"))") {
            // An update in the first second changes nothing: its events may be older ones.
            try? supervisord.call("supervisor.removeProcessGroup", "web")
            try? supervisord.call("supervisor.addProcessGroup", "web")
            return supervisord.standardError(of: "fatalretry").components(separatedBy: line).count
                >= 3
        }
        try wait(
            supervisord, for: "web was stopped or started by someone else; no longer retrying")
        try supervisord.stop()
    }

    @Test func `a program whose file is missing is started once the file exists`() throws {
        let supervisord = try Supervisord(
            .current,
            [
                .program("web", "%(here)s/late", ["startretries": "0"]),
                .listener(.fatalretry, "-p web --backoff 1s..2s", events: Self.events),
            ])
        try wait(supervisord, for: "cannot start web: NO_FILE: can't find command '")
        try wait(supervisord, for: "is FATAL again after attempt 2; starting it in ")
        _ = try supervisord.directory.writeProgram("late", "#!/bin/sh\nexec sleep 1000\n")
        try supervisord.wait(for: "web") { $0.statename == "RUNNING" }
        // Nothing was tried before the first attempt, although supervisord had sent its FATAL later
        // than fatalretry asked for it.
        let log = supervisord.standardError(of: "fatalretry")
        #expect(log.components(separatedBy: "again after attempt 1;").count == 2, "\(log)")
        try supervisord.stop()
    }

    /// The Go implementation accepts such a start, or answers like its version 0.7.4.
    @Test(arguments: [
        XMLRPCServer.Rule.pretend(),
        .fault(-32_500, "Application Error: fail to start process web"),
    ])
    func `a start that is answered and not made is a failed attempt`(
        effect: XMLRPCServer.Rule
    ) throws {
        let server = try XMLRPCServer(
            .unix, [.init("web", pid: 0, state: 200, statename: "Fatal")])
        try server.behave(.init(methods: ["startProcess": effect]))
        let running = try RunningTool(
            .fatalretry, ["-p", "web", "--backoff", "1s"], serverURL: server.url)
        try running.waitForReady()
        try running.handle(.fatal("web"))
        try eventually("a second attempt; \(running.standardError)") {
            running.standardError.contains("is FATAL again after attempt 1; starting it in ")
        }
        #expect(
            running.standardError.contains(
                "cannot start web: supervisord accepted the request, and did not start it"))
        #expect(try running.finish() == .exited(0))
    }

    @Test func `a shutdown of supervisord is named in words`() throws {
        let server = try XMLRPCServer(
            .unix, [.init("web", pid: 0, state: 200, statename: "FATAL")])
        try server.behave(.init(methods: ["startProcess": .fault(6, "SHUTDOWN_STATE")]))
        let running = try RunningTool(
            .fatalretry, ["-p", "web", "--backoff", "1s"], serverURL: server.url)
        try running.waitForReady()
        try running.handle(.fatal("web"))
        try eventually("an attempt; \(running.standardError)") {
            running.standardError.contains(
                "cannot start web, retrying: supervisord is shutting down\n")
        }
        #expect(!running.standardError.contains("SHUTDOWN_STATE"))
        #expect(try running.finish() == .exited(0))
    }

    @Test func `beyond the limit a channel that keeps state has the reason, too`() throws {
        let (mailbox, site) = (try Mailbox(), try HTTPSite())
        var web = XMLRPCServer.Entry("web", pid: 0, state: 200, statename: "FATAL")
        web.spawnerr = "can't find command 'web'"
        let server = try XMLRPCServer(.unix, [web])
        try server.behave(.init(methods: ["startProcess": .fault(20, "NO_FILE: web")]))
        let running = try RunningTool(
            .fatalretry,
            [
                "-p", "web", "--backoff", "1s..2s", "-m", "ops@example.org", "-s",
                mailbox.command, "--flood-limit", "1/1h", "--alertmanager", site.url,
            ], serverURL: server.url)
        try running.waitForReady()
        try running.handle(.fatal("web"))
        try eventually("a counted alert; \(running.standardError)") {
            try site.requests().map(\.body).joined().contains("is FATAL again after attempt 1")
        }
        for body in try site.requests().map(\.body) {
            #expect(body.contains(": can't find command 'web'"), "\(body)")
            #expect(body.contains("now: FATAL, starting it "), "\(body)")
        }
        #expect(try running.finish() == .exited(0))
        let summary = try #require(try mailbox.waitForMails(2).last)
        #expect(summary.body.contains("spawn error: can't find command 'web'"), "\(summary.body)")
        #expect(summary.body.contains("\nnow: FATAL, starting it "), "\(summary.body)")
    }

    @Test func `before postpones an attempt, and a silence holds it`() throws {
        let supervisord = try Supervisord(
            .current,
            [
                Self.web,
                .listener(
                    .fatalretry,
                    "-p web --backoff 1s --silence %(here)s/silence --before "
                        + "'sh -c \"test -e %(here)s/ready || exit 75\"'", events: Self.events),
            ])
        try wait(supervisord, for: "not starting web: --before exited with status 75; retrying")
        let silence = supervisord.directory.path("silence")
        try ChildProcess.run([Tool.superlance, "silence", "--silence", silence, "w*", "1h"])
        try wait(supervisord, for: "not starting web: it is silenced until ")
        #expect(try supervisord.process("web").statename == "FATAL")
        try supervisord.stop()
    }

    @Test func `events that supervisord buffered are not taken for the result of an attempt`()
        throws
    {
        let supervisord = try Supervisord(
            .current,
            [
                Self.web,
                .listener(
                    .fatalretry, "-p web --backoff 1s", events: Self.events,
                    ["startsecs": "3", "autostart": "false"]),
            ])
        try supervisord.wait(for: "web") { $0.statename == "FATAL" }
        // It finds web by asking; supervisord sends the event three seconds later.
        try supervisord.call("supervisor.startProcess", "fatalretry")
        try wait(supervisord, for: "is FATAL again after attempt 1; starting it in ")
        let log = supervisord.standardError(of: "fatalretry")
        #expect(log.components(separatedBy: "web is FATAL; starting it in ").count == 2, "\(log)")
        #expect(log.components(separatedBy: "starting web, attempt 1").count == 2, "\(log)")
        #expect(!log.contains("by someone else"), "\(log)")
        try supervisord.stop()
    }

    @Test func `the command of before does not outlive the listener`() throws {
        let supervisord = try Supervisord(
            .current,
            [
                Self.web,
                .listener(
                    .fatalretry,
                    "-p web --backoff 1s --before "
                        + "'sh -c \"trap : TERM; echo $$ > %(here)s/pid; while :; do sleep 1; done\"'",
                    events: Self.events),
            ])
        let file = supervisord.directory.path("pid")
        try eventually("the command runs") {
            (try? String(contentsOfFile: file, encoding: .utf8))?.hasSuffix("\n") ?? false
        }
        let text = try String(contentsOfFile: file, encoding: .utf8)
        let command = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        try supervisord.stop()
        try eventually("the end of the command") { !ProcessTree.isAlive(command) }
    }

    @Test func `a silence that begins while before runs holds the attempt`() throws {
        let supervisord = try Supervisord(
            .current,
            [
                Self.web,
                .listener(
                    .fatalretry,
                    "-p web --backoff 1s --silence %(here)s/silence --before "
                        + "'sh -c \"echo web until 2999-01-01T00:00:00Z > %(here)s/silence\"'",
                    events: Self.events),
            ])
        try wait(supervisord, for: "not starting web: it is silenced until ")
        #expect(!supervisord.standardError(of: "fatalretry").contains("starting web, attempt"))
        try supervisord.stop()
    }
}

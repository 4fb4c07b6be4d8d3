import Foundation
import TestSupport
import Testing

/// Alerts that survive their listener.
@Suite struct SpoolTests {
    private let directory: TemporaryDirectory
    private let spool: String

    init() throws {
        directory = try TemporaryDirectory()
        spool = directory.path("spool")
    }

    /// The files of alerts and incidents, by directory.
    private var files: [String] {
        let paths = FileManager.default.enumerator(atPath: spool)?.allObjects as? [String] ?? []
        return paths.filter { path in
            let name = path.split(separator: "/").last ?? ""
            return path.contains("/") && !name.hasPrefix(".")
        }.sorted()
    }

    private func crashmail(
        _ mailbox: Mailbox, _ more: [String] = [], environment: [String: String] = [:]
    ) throws -> RunningTool {
        try .ready(
            .crashmail,
            [
                "-m", "ops@example.org", "-s", mailbox.command, "--spool", spool, "--flood-limit",
                "0",
            ] + more,
            environment: environment)
    }

    private func batch(_ server: MailServer) throws -> RunningTool {
        try .ready(
            .crashmailbatch,
            [
                "-t", "ops@example.org", "-f", "super@example.org", "-i", "1", "-e", "TICK_60",
                "-H", server.address, "--spool", spool,
            ])
    }

    private func kill(_ running: RunningTool) throws {
        running.process.send(signal: SIGKILL)
        _ = try running.process.waitForExit()
    }

    /// The pids in the mails, in order.
    private func pids(_ mails: [Mail]) -> [Int] {
        mails.flatMap { mail in
            mail.body.matches(of: /exited unexpectedly \(pid (\d+)\)/).compactMap {
                Int($0.output.1)
            }
        }
    }

    /// The Go implementation names no listeners.
    @Test func `Listeners without a name do not deliver each other's alerts`() throws {
        let mailbox = try Mailbox()
        func start(_ team: String, _ command: String) throws -> RunningTool {
            try .ready(
                .crashmail,
                ["-m", "\(team)@example.org", "-p", team, "-s", command, "--spool", spool],
                environment: ["SUPERVISOR_PROCESS_NAME": "", "SUPERVISOR_GROUP_NAME": ""])
        }
        // The mailbox refuses mails until the file is there.
        let up = directory.path("up")
        let command = "test -e \(up) || exit 75; \(mailbox.command)"
        let running = try ["shop", "db"].map { try start($0, command) }
        for (team, one) in zip(["shop", "db"], running) {
            try one.handle(.exited(team))
            try one.waitForError("not delivered (1 waiting")
        }
        for one in running { try kill(one) }
        try directory.write("up", "")
        let db = try start("db", command)
        #expect(try mailbox.waitForMails(1)[0]["To"] == "db@example.org")
        #expect(try db.finish() == .exited(0))
        let shop = try start("shop", command)
        let mails = try mailbox.waitForMails(2)
        #expect(Set(mails.compactMap { $0["To"] }) == ["db@example.org", "shop@example.org"])
        for mail in mails {
            let team = mail["To"]?.prefix { $0 != "@" } ?? ""
            #expect(mail["Subject"]?.hasPrefix("\(team) crashed") == true)
        }
        #expect(try shop.finish() == .exited(0))
        #expect(try mailbox.mails().count == 2)
    }

    @Test func `An alert is on disk when supervisord gets its answer, and goes out after a kill`()
        throws
    {
        let mailbox = try Mailbox(.hangs)
        let running = try crashmail(mailbox)
        try running.send(.exited("web", pid: 77))
        try running.waitForOK()
        let file = try #require(files.first)
        let text = directory.read("spool/\(file)")
        #expect(text.hasPrefix("superlance-spool\t1\nowed\t"))
        #expect(text.contains("exited unexpectedly (pid 77)"))
        #expect(text.hasSuffix("\nend\n"))
        try mailbox.waitForAttempts(1)
        #expect(files.count == 1)
        try kill(running)

        try mailbox.behave(.accepts)
        let next = try crashmail(mailbox)
        let mail = try mailbox.waitForMails(1)[0]
        #expect(pids([mail]) == [77])
        // The time is that of the crash, however late the delivery is.
        let subject = try #require(mail["Subject"])
        let date = try #require(mail["Date"])
        let clock = try #require(subject.firstMatch(of: /\d\d:\d\d:\d\d/)?.output)
        #expect(date.contains(" \(clock) "))
        try eventually("an empty spool") { files.isEmpty }
        #expect(next.standardError.contains("crashmail: restoring 1 from the spool\n"))
        try next.handle(.exited("web", pid: 78))
        #expect(pids(try mailbox.waitForMails(2)) == [77, 78])
        try eventually("an empty spool") { files.isEmpty }
    }

    @Test func `What is delivered is not told again`() throws {
        let mailbox = try Mailbox()
        let running = try crashmail(mailbox)
        for pid in 1...5 { try running.handle(.exited("web", pid: pid)) }
        _ = try mailbox.waitForMails(5)
        try eventually("an empty spool") { files.isEmpty }
        try kill(running)
        let next = try crashmail(mailbox)
        try next.handle(.exited("web", pid: 6))
        _ = try mailbox.waitForMails(6)
        #expect(try next.finish() == .exited(0))
        #expect(mailbox.count == 6)
        #expect(!next.standardError.contains("from the spool"))
    }

    @Test func `A thousand alerts that had gathered go out in order, as digests`() throws {
        let mailbox = try Mailbox(.fails(status: 75, words: "down"))
        let running = try crashmail(mailbox)
        for pid in 1...1_000 { try running.handle(.exited("web", pid: pid)) }
        try eventually("a thousand complete files, there are \(files.count)") {
            files.count { !$0.hasSuffix(".held") } == 1_000
        }
        try kill(running)
        try mailbox.behave(.accepts)
        let next = try crashmail(mailbox)
        try eventually("an empty spool; \(next.standardError.suffix(2_000))") { files.isEmpty }
        let mails = try mailbox.mails()
        #expect(pids(mails) == Array(1...1_000))
        #expect(mails.count == 2)
        #expect(mails[0]["Subject"]?.hasPrefix("crashmail: 500 alerts since ") == true)
        #expect(
            next.standardError.contains("crashmail: restoring 1000 from the spool\n"))
    }

    @Test func `Two listeners of one name share a spool, and one heir takes over from both`() throws
    {
        let mailbox = try Mailbox(.fails(status: 75, words: "down"))
        let both = [try crashmail(mailbox), try crashmail(mailbox)]
        for (number, running) in both.enumerated() {
            for pid in 1...3 { try running.handle(.exited("web", pid: number * 10 + pid)) }
        }
        #expect(Set(files.compactMap { $0.split(separator: "/").first }).count == 2)
        for running in both { try kill(running) }
        try mailbox.behave(.accepts)
        let heir = try crashmail(mailbox)
        try eventually("an empty spool; \(heir.standardError)") { files.isEmpty }
        #expect(pids(try mailbox.mails()).sorted() == [1, 2, 3, 11, 12, 13])
        #expect(try FileManager.default.contentsOfDirectory(atPath: spool).count == 1)
    }

    @Test func `What an heir could not take over yet is delivered when its owner has ended`() throws
    {
        let mailbox = try Mailbox(.fails(status: 75, words: "down"))
        let first = try crashmail(mailbox)
        try first.handle(.exited("web", pid: 1))
        try kill(first)
        try mailbox.behave(.accepts)
        let folder = try #require(files.first?.split(separator: "/").first)
        let lock = open("\(spool)/\(folder)/.lock", O_RDWR | O_CLOEXEC)
        try eventually("the lock") { flock(lock, LOCK_EX | LOCK_NB) == 0 }
        let heir = try crashmail(mailbox)
        try heir.handle(.exited("web", pid: 2))
        try eventually("the heir's own alert") { pids(try mailbox.mails()) == [2] }
        close(lock)
        try eventually("an empty spool; \(heir.standardError)") { files.isEmpty }
        #expect(pids(try mailbox.mails()).sorted() == [1, 2])
    }

    @Test func `A file system without locks costs the spool, and nothing else`() throws {
        let source = try directory.write(
            "lock.c",
            """
            #include <errno.h>
            int flock(int file, int operation) { errno = ENOLCK; return -1; }
            """)
        let library = directory.path("lock.so")
        let compiler = try ChildProcess([
            "/usr/bin/env", "clang", "-shared", "-fPIC", "-o", library, source,
        ])
        #expect(try compiler.waitForExit() == .exited(0))
        let mailbox = try Mailbox(.accepts)
        let running = try crashmail(mailbox, environment: ["LD_PRELOAD": library])
        try running.handle(.exited("web", pid: 1))
        try eventually("a mail") { pids(try mailbox.mails()) == [1] }
        #expect(
            running.standardError.contains("No locks available; alerts are kept in memory only"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: spool).count == 1)
    }

    @Test func `A batch that was being collected goes on after a kill`() throws {
        let server = try MailServer()
        let running = try batch(server)
        for pid in 1...3 { try running.handle(.exited("web", group: "site", pid: pid)) }
        #expect(files.count == 3)
        try kill(running)
        let next = try batch(server)
        try next.handle(.exited("web", group: "site", pid: 4))
        try next.handle(.tick(60))
        let message = try server.waitForMessages(1)[0]
        let lines = message.mail.body.split(separator: "\n").filter { $0.contains("died") }
        try #require(lines.count == 4)
        for (index, line) in lines.enumerated() {
            #expect(line.hasSuffix(" -- Process site:web (pid \(index + 1)) died unexpectedly"))
        }
        try eventually("an empty spool") { files.isEmpty }
        #expect(try next.finish() == .exited(0))
        #expect(try server.messages().count == 1)
    }

    @Test func `A supervisord that is restarted in the middle of an outage loses nothing`() throws {
        let mailbox = try Mailbox(.fails(status: 75, words: "down"))
        let listener = Supervisord.Section.listener(
            .crashmail, "-m ops@example.org -s \(mailbox.command) --spool \(spool)",
            events: "PROCESS_STATE_EXITED")
        let once = ["autorestart": "false", "startsecs": "0"]
        do {
            let first = try Supervisord(
                .current,
                [
                    listener, .program("web", "/bin/sh -c 'exit 3'", once),
                    .program("job", "/bin/sh -c 'exit 4'", once),
                ])
            // An incident that is still being diagnosed when supervisord shuts down may be caused
            // by the shutdown, and is not reported.
            try eventually("two alerts in the spool; \(first.standardError(of: "crashmail"))") {
                files.count { directory.read("spool/\($0)").contains("exit-status\t") } == 2
            }
            try mailbox.waitForAttempts(1)
            try first.stop()
        }
        #expect(files.count == 2)
        #expect(mailbox.count == 0)
        try mailbox.behave(.accepts)
        let second = try Supervisord(.debian, [listener])
        try eventually("an empty spool; \(second.standardError(of: "crashmail"))") { files.isEmpty }
        let bodies = try mailbox.mails().map(\.body).joined()
        #expect(bodies.contains("Process web in group web exited unexpectedly"))
        #expect(bodies.contains("exit status: 4"))
        try second.stop()
    }

    @Test func `The environment may name the spool`() throws {
        let mailbox = try Mailbox(.fails(status: 75, words: "down"))
        let running = try RunningTool.ready(
            .crashmail, ["-m", "ops@example.org", "-s", mailbox.command],
            environment: ["SUPERLANCE_SPOOL": spool])
        try running.handle(.exited("web"))
        #expect(files.count == 1)
        #expect(try running.finish() == .exited(0))
        #expect(files.count == 1)
        #expect(running.standardError.contains("1 alerts remain in the spool"))
    }

    @Test func `A torn file is told and set aside, and a full disk costs no alert`() throws {
        let mailbox = try Mailbox()
        guard geteuid() == 0 else { return }
        try FileManager.default.createDirectory(atPath: spool, withIntermediateDirectories: true)
        do {
            try ChildProcess.run(["/bin/mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", spool])
        } catch {
            return  // a container may deny this even to root
        }
        defer { _ = try? ChildProcess.run(["/bin/umount", "-l", spool]) }
        let folder = "\(spool)/crashmail.crashmail:crashmail.0"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data("superl".utf8).write(to: URL(fileURLWithPath: "\(folder)/torn"))
        let running = try crashmail(mailbox)
        try running.waitForError("cannot read the spool's file torn, moving it to ")
        let filler = open("\(spool)/filler", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        let zeros = [UInt8](repeating: 0, count: 4_096)
        while write(filler, zeros, zeros.count) > 0 {}
        close(filler)
        for pid in 1...5 { try running.handle(.exited("web", pid: pid)) }
        #expect(pids(try mailbox.waitForMails(5)).sorted() == [1, 2, 3, 4, 5])
        #expect(running.standardError.components(separatedBy: "No space left").count == 2)
        #expect(try running.finish() == .exited(0))
    }

    @Test(.timeLimit(.minutes(5)))
    func `Killed two hundred times and more at random, crashmail loses nothing`() throws {
        let script = "\(Document.root)/scripts/kill-test"
        let output = try ChildProcess.run(
            ["/usr/bin/python3", "-B", script, "200", Tool.crashmail.path], within: .seconds(280))
        print(String(decoding: output, as: UTF8.self))
    }

    // MARK: The reason of an alert whose listener was killed

    @Test(arguments: [Tool.crashmail, .crashmailbatch])
    func `A listener that is killed before its diagnosis makes it in its next run`(
        _ tool: Tool
    ) throws {
        let mailbox = try Mailbox()
        var web = XMLRPCServer.Entry("web", pid: 0, state: 100, statename: "EXITED")
        web.exitstatus = -1
        web.stop = Int(time(nil))
        let server = try XMLRPCServer(.unix, [web])
        try server.write([
            "supervisord": """
            2026-11-20 03:12:39,120 INFO spawned: 'web' with pid 77
            2026-11-20 03:12:45,120 WARN exited: web (terminated by SIGSEGV; not expected)

            """
        ])
        func run() throws -> RunningTool {
            let running = try RunningTool(
                tool,
                tool.writing(to: "ops@example.org")
                    + [tool == .crashmail ? "-s" : "--sendmail", mailbox.command]
                    + ["--spool", spool], serverURL: server.url)
            try running.waitForReady()
            return running
        }
        let first = try run()
        try first.handle(.exited("web", pid: 77))
        try kill(first)
        #expect(files.contains { $0.hasSuffix(tool == .crashmail ? ".held" : ".incident") })
        let next = try run()
        if tool == .crashmailbatch { try next.handle(.tick(60)) }
        let body = try mailbox.waitForMails(1)[0].body
        #expect(body.contains("signal: terminated by SIGSEGV, according to "), "\(body)")
        #expect(body.contains("uptime: 6 s\n"), "\(body)")
        #expect(
            body.contains("\nnow: stays down: supervisord does not restart it\n"), "\(body)")
        #expect(!body.contains("The reason is unknown"))
        // Nor does the search for missed events report it once more.
        try eventually("an empty spool") { files.isEmpty }
        #expect(try next.finish() == .exited(0))
        #expect(mailbox.count == 1)
    }

    @Test func `If the reason is no longer known the alert says so`() throws {
        let mailbox = try Mailbox()
        let server = try XMLRPCServer(.unix, [.init("web", pid: 99)])
        func run() throws -> RunningTool {
            let running = try RunningTool(
                .crashmail, ["-m", "ops@example.org", "-s", mailbox.command, "--spool", spool],
                serverURL: server.url)
            try running.waitForReady()
            return running
        }
        let first = try run()
        for pid in 1...7 { try first.handle(.exited("p\(pid)", pid: pid)) }
        try first.handle(.exited("web", pid: 77))
        try kill(first)
        #expect(files.filter { $0.hasSuffix(".held") }.count == 8)
        let next = try run()
        // Those that died together are one alert.
        let mail = try mailbox.waitForMails(1)[0]
        #expect(mail["Subject"]?.hasPrefix("8 processes crashed at ") == true)
        #expect(mail.body.components(separatedBy: "The reason is unknown").count == 9)
        #expect(mail.body.contains("now: restarted, running (pid 99)"), "\(mail.body)")
        #expect(try next.finish() == .exited(0))
        #expect(mailbox.count == 1)
        #expect(files.isEmpty)
    }
}

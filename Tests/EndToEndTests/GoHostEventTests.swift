import Foundation
import TestSupport
import Testing

/// Events and responses of the Go implementation, which lack groups and details.
@Suite struct GoHostEventTests {
    /// The process web of group shop, which has just exited with status 3.
    private static func ended(_ name: String = "web") -> XMLRPCServer.Entry {
        let now = Int(Date().timeIntervalSince1970)
        var entry = XMLRPCServer.Entry(
            name, group: "shop", pid: 0, start: now - 61, state: 100, statename: "Exited")
        entry.stop = now
        entry.exitstatus = -1
        entry.stderr = "AUTO"
        return entry
    }

    private static func line(_ how: String, _ program: String, secondsAgo: Int = 0) -> String {
        let time = Date(timeIntervalSinceNow: TimeInterval(-secondsAgo)).ISO8601Format()
        let text = "program stopped with status:\(how)"
        return "time=\"\(time)\" level=info msg=\"\(text)\" program=\(program)\n"
    }

    private func crashmail(
        _ host: GoHost, _ mailbox: Mailbox, _ more: [String] = [], hasServerURL: Bool = true
    ) throws -> GoHost.Listener {
        try host.start(
            .crashmail, ["-m", "ops@example.org", "-s", mailbox.command] + more,
            hasServerURL: hasServerURL)
    }

    @Test(arguments: ["web", "网站"])
    func `A crash is reported with its group, status, uptime and log`(
        _ name: String
    ) throws {
        let host = try GoHost([Self.ended(name)])
        let program = name == "web" ? name : "\"\(name)\""
        try host.rpc.write([
            "supervisord": Self.line("exit status 1", program, secondsAgo: 3_000)
                + Self.line("exit status 3", program) + Self.line("exit status 4", "other"),
            "\(name) stderr": "first\nlast words\n",
        ])
        let mailbox = try Mailbox()
        let listener = try crashmail(host, mailbox, ["-p", "shop:\(name)"])
        try listener.handle(.exited(name))
        let mail = try mailbox.waitForMails(1)[0]
        let text =
            "Process \(name) in group shop exited unexpectedly (pid 2766) from state RUNNING\n"
        #expect(mail.told == text)
        #expect(mail.body.contains("exit status: 3\n"))
        #expect(mail.body.contains("uptime: 1 min 1 s\n"))
        #expect(mail.body.contains("last 2 lines of stderr:\n  first\n  last words\n"))
    }

    @Test func `A signal is reported in the host's words`() throws {
        let host = try GoHost([Self.ended()])
        try host.rpc.write(["supervisord": Self.line("signal: killed", "web")])
        let mailbox = try Mailbox()
        let listener = try crashmail(host, mailbox)
        try listener.handle(.exited("web"))
        let mail = try mailbox.waitForMails(1)[0]
        #expect(mail.body.contains("signal: killed, according to supervisord's log\n"))
    }

    @Test func `A program of another group is not reported`() throws {
        let host = try GoHost([Self.ended(), Self.ended("job")])
        let mailbox = try Mailbox()
        let listener = try crashmail(host, mailbox, ["-p", "other:web", "-p", "job"])
        try listener.handle(.exited("web"))
        try listener.handle(.exited("job"))
        #expect(try mailbox.waitForMails(1).map(\.told)[0].hasPrefix("Process job in group shop"))
        #expect(mailbox.count == 1)
    }

    @Test(arguments: [true, false])
    func `Without a response of supervisord no group is named`(hasServerURL: Bool) throws {
        let host = try GoHost()
        try host.rpc.stop()
        let mailbox = try Mailbox()
        let listener = try crashmail(
            host, mailbox, ["-p", "shop:web"], hasServerURL: hasServerURL)
        try listener.handle(.exited("web"))
        let mail = try mailbox.waitForMails(1)[0]
        #expect(mail.told == "Process web exited unexpectedly (pid 2766) from state RUNNING\n")
        #expect(!listener.process.standardError.contains("in group"))
    }

    @Test func `Events stay in order while a group is looked up`() throws {
        let host = try GoHost([Self.ended("a"), Self.ended("b"), Self.ended("c")])
        let mailbox = try Mailbox()
        let listener = try host.start(
            .crashmailbatch,
            Tool.crashmailbatch.writing(to: "ops@example.org") + ["--sendmail", mailbox.command])
        for name in ["a", "b", "gone", "c"] { try listener.handle(.exited(name)) }
        try listener.handle(.tick(60))
        let lines = try mailbox.waitForMails(1)[0].told.split(separator: "\n")
        let names = lines.compactMap { $0.firstMatch(of: /Process (\S+)/).map { "\($0.1)" } }
        #expect(names == ["shop:a", "shop:b", "gone", "shop:c"])
    }

    @Test func `Missing serials are not reported, whatever variables are set`() throws {
        let host = try GoHost([Self.ended()])
        let mailbox = try Mailbox()
        let listener = try host.start(
            .crashmail, ["-m", "ops@example.org", "-s", mailbox.command],
            environment: ["SUPERVISOR_PROCESS_NAME": "listener"])
        try listener.handle(.tick(60))
        try listener.handle(.tick(60), skipping: 5)
        try listener.handle(.exited("web"), skipping: 5)
        #expect(try !mailbox.waitForMails(1)[0].body.contains("dropped"))
        #expect(!listener.process.standardError.contains("dropped"))
    }

    @Test func `Two sections are distinguished by their pools`() throws {
        let host = try GoHost([Self.ended()])
        let peer = try HTTPSite()
        let metrics = try TemporaryDirectory()
        let listeners = try ["first", "second"].map { pool in
            try host.start(
                .crashmail, ["--alertmanager", peer.url, "--metrics", metrics.path], pool: pool)
        }
        for listener in listeners { try listener.handle(.exited("web")) }
        try peer.waitForRequests(2)
        for pool in ["first", "second"] {
            #expect(try peer.requests().contains { $0.body.contains(#""listener":"\#(pool)""#) })
            try eventually("metrics of \(pool)") {
                metrics.read("\(pool).prom").contains(#"listener="\#(pool)""#)
            }
        }
        #expect(metrics.read("crashmail.prom").isEmpty)
    }

    @Test(arguments: [("exit status 3", "3\n"), ("signal: killed", "137\n")])
    func `fatalexit ends with the status in the host's log`(how: String, status: String) throws {
        let host = try GoHost([Self.ended()])
        try host.rpc.write(["supervisord": Self.line(how, "web")])
        let folder = try TemporaryDirectory()
        let file = try folder.write("status", "")
        let listener = try host.start(
            .fatalexit, ["-p", "shop:web"], environment: ["SUPERLANCE_STATUS_FILE": file])
        try listener.handle(.exited("web"))
        try eventually("a request of a shutdown") {
            try host.rpc.calls().contains("shutdown")
        }
        #expect(folder.read("status") == status)
        withExtendedLifetime(listener) {}
    }

    @Test func `A shutdown by SIGKILL loses nothing that is in the spool`() throws {
        let host = try GoHost([Self.ended()])
        let spool = try TemporaryDirectory()
        let mailbox = try Mailbox(.missing)
        let first = try crashmail(host, mailbox, ["--spool", spool.path])
        try first.handle(.exited("web"))
        try first.waitForError("not delivered")
        first.kill()
        try mailbox.behave(.accepts)
        let second = try crashmail(host, mailbox, ["--spool", spool.path])
        #expect(try mailbox.waitForMails(1)[0].told.hasPrefix("Process web in group shop exited"))
        withExtendedLifetime(second) {}
    }
}

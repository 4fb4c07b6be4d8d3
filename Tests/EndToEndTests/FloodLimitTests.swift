import Foundation
import TestSupport
import Testing

/// `--flood-limit`: a handful of alerts for a loop, and every incident is counted.
@Suite struct FloodLimitTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func crashmail(_ mailbox: Mailbox, _ more: [String] = []) throws -> RunningTool {
        try .ready(.crashmail, ["-m", "ops@example.org", "-s", mailbox.command] + more)
    }

    private func subjects(_ mails: [Mail]) -> [String] { mails.compactMap { $0["Subject"] } }

    @Test func `A loop has five mails and a summary, and another crash is mailed at once`() throws {
        let mailbox = try Mailbox()
        let running = try crashmail(mailbox)
        for pid in 1...20 { try running.handle(.exited("web", group: "site", pid: pid)) }
        try running.handle(.exited("job", pid: 99))
        _ = try mailbox.waitForMails(6)
        #expect(
            running.standardError.contains(
                "alert about site:web counted, not sent, because it had 5 alerts in 10 min: "
                    + "Process web in group site exited unexpectedly (pid 6)"))
        #expect(try running.finish() == .exited(0))
        let mails = try mailbox.mails()
        #expect(mails.count == 7)
        #expect(mails.contains { $0.body.contains("(pid 99) from state RUNNING") })
        let summary = try #require(
            mails.first { $0["Subject"]?.hasPrefix("Re: ") == true })
        let first = mails.first { $0.body.contains("(pid 1) from state RUNNING") }
        #expect(summary["Subject"] == first?["Subject"].map { "Re: \($0)" })
        #expect(summary["References"] == first?["Message-ID"])
        #expect(summary.body.contains("Process site:web exited unexpectedly, 15 times from "))
        #expect(summary.body.contains("(pid 6)\n") && summary.body.contains("(pid 20)\n"))
    }

    @Test func `A summary after some quiet names every process with its count`() throws {
        let mailbox = try Mailbox()
        let running = try crashmail(mailbox, ["--flood-limit", "1/2s"])
        for pid in 1...4 { try running.handle(.exited("web", pid: pid)) }
        for pid in 1...3 { try running.handle(.exited("job", pid: pid)) }
        let mails = try mailbox.waitForMails(3)
        let last = try #require(
            mails.first { $0["Subject"]?.hasPrefix("5 more alerts since ") == true })
        #expect(last["Subject"]?.hasSuffix(": web, job") == true)
        // It belongs to both threads.
        #expect(last["In-Reply-To"] == nil)
        #expect(last.body.hasPrefix("5 alerts from "))
        #expect(last.body.contains("Process web exited unexpectedly, 3 times from "))
        #expect(last.body.contains("Process job exited unexpectedly, 2 times from "))
        #expect(try running.finish() == .exited(0))
        #expect(mailbox.count == 3)
    }

    @Test func `A summary is the first mail about a process of which none was sent`() throws {
        let mailbox = try Mailbox()
        let running = try crashmail(
            mailbox, ["--flood-limit", "1/1h", "--route", "p9=nine@example.org"])
        for pid in 1...5 { try running.handle(.exited("p\(pid)", pid: pid)) }
        _ = try mailbox.waitForMails(5)
        for pid in 6...8 { try running.handle(.exited("p\(pid)", pid: pid)) }
        _ = try mailbox.waitForMails(8)
        for pid in 9...12 { try running.handle(.exited("p\(pid)", pid: pid)) }
        try running.waitForError("p11 counted, not sent, because this listener has sent 10 alerts")
        try running.waitForError("p12 counted, not sent, because this listener has sent 10 alerts")
        #expect(try running.finish() == .exited(0))
        let mails = try mailbox.mails()
        #expect(mails.count == 11)
        let summary = try #require(
            mails.first { $0.body.contains("p12 exited unexpectedly, once") })
        #expect(summary["Subject"]?.hasPrefix("2 more alerts since ") == true)
        #expect(summary["In-Reply-To"] == nil)
        #expect(mails.allSatisfy { $0["Subject"]?.hasPrefix("Re: ") == false })
    }

    @Test func `0 sends each alert, as superlance does`() throws {
        let mailbox = try Mailbox()
        let running = try crashmail(mailbox, ["--flood-limit", "0"])
        for pid in 1...12 { try running.handle(.exited("web", pid: pid)) }
        _ = try mailbox.waitForMails(12)
        #expect(try running.finish() == .exited(0))
        #expect(mailbox.count == 12)
    }

    @Test func `With a spool a kill loses no count`() throws {
        let mailbox = try Mailbox()
        let spool = ["--spool", directory.path("spool")]
        let running = try crashmail(mailbox, spool)
        for pid in 1...12 { try running.handle(.exited("web", pid: pid)) }
        _ = try mailbox.waitForMails(5)
        try eventually("five deliveries") {
            running.standardError.components(separatedBy: "Mailed:").count == 6
        }
        running.process.send(signal: SIGKILL)
        _ = try running.process.waitForExit()
        let next = try crashmail(mailbox, spool + ["--flood-limit", "5/2s"])
        let mails = try mailbox.waitForMails(6)
        #expect(subjects(mails).last?.hasPrefix("Re: web crashed at ") == true)
        #expect(mails.last?.body.contains("Process web exited unexpectedly, 7 times ") == true)
        #expect(mails.last?.body.contains("(pid 12)\n") == true)
        #expect(try next.finish() == .exited(0))
        #expect(mailbox.count == 6)
        let third = try crashmail(mailbox, spool)
        #expect(try third.finish() == .exited(0))
        #expect(!third.standardError.contains("from the spool"))
    }

    @Test func `That a looping program is FATAL now is mailed at once`() throws {
        let mailbox = try Mailbox()
        let running = try crashmail(mailbox, ["--fatal", "--flood-limit", "2/1h"])
        for pid in 1...4 { try running.handle(.exited("web", pid: pid)) }
        _ = try mailbox.waitForMails(2)
        try running.handle(.fatal("web"))
        let mails = try mailbox.waitForMails(3)
        #expect(mails[2].body.hasPrefix("Process web in group web failed to start too many times"))
        #expect(try running.finish() == .exited(0))
    }

    @Test func `A channel that keeps state gets every change`() throws {
        let mailbox = try Mailbox()
        let site = try HTTPSite()
        let running = try crashmail(
            mailbox, ["--flood-limit", "1/1h", "--alertmanager", site.url])
        for pid in 1...4 { try running.handle(.exited("web", pid: pid)) }
        try eventually("all four; \(running.standardError)") {
            let bodies = try site.requests().map(\.body).joined()
            let starts = bodies.matches(of: /"startsAt":"[^"]+"/).map(\.output)
            // The first one is sent last, since others might have crashed at the same time.
            return starts.count == 4 && Set(starts).count <= 2
        }
        #expect(try running.finish() == .exited(0))
        #expect(mailbox.count == 2)
    }

    @Test func `A batch is one alert about each of its processes`() throws {
        let server = try MailServer()
        let running = try RunningTool.ready(
            .crashmailbatch,
            [
                "-t", "ops@example.org", "-f", "super@example.org", "-H", server.address, "-i",
                "0", "--flood-limit", "2/1h",
            ])
        for round in 1...4 {
            try running.handle((1...3).map { .exited("web", pid: 10 * round + $0) })
            if round == 4 { try running.handle(.exited("job", pid: 99)) }
            try running.handle(.tick(60))
        }
        let mails = try server.waitForMessages(3).map(\.mail)
        let batches = mails.map { mail in
            Set(mail.body.matches(of: /\(pid (\d+)\) died/).map { String($0.output.1) })
        }
        #expect(Set(batches) == [["11", "12", "13"], ["21", "22", "23"], ["99"]])
        #expect(try running.finish() == .exited(0))
        let bodies = try server.waitForMessages(4).map(\.mail.body)
        #expect(bodies.contains { $0.contains("Process web exited unexpectedly, 6 times from ") })
    }

    @Test func `crashsms sends five messages an hour about a process`() throws {
        let server = try MailServer()
        let running = try RunningTool.ready(
            .crashsms,
            [
                "-t", "ops@example.org", "-f", "super@example.org", "-H", server.address, "-i",
                "0",
            ])
        for round in 1...8 {
            try running.handle([.exited("web", pid: round), .tick(60)])
        }
        _ = try server.waitForMessages(5)
        #expect(running.standardError.contains("because it had 5 alerts in 1 h: [web:web](6)"))
        #expect(try running.finish() == .exited(0))
        let mails = try server.waitForMessages(6).map(\.mail)
        #expect(mails.allSatisfy { $0["Subject"] == nil })
        #expect(mails.contains { $0.body.contains("[web] 3 times from ") })
    }

    @Test func `The limit of httpok is for each URL`() throws {
        let sites = try [HTTPSite(), HTTPSite()]
        for site in sites { try site.behave(.init(status: 503, reason: "Out")) }
        let scene = try Scene(
            .httpok,
            ["--flood-limit", "1/1h", "web=\(sites[0].url)", "job=\(sites[1].url)"],
            [.running("web"), .running("job")])
        for _ in 1...3 { try scene.tickAndRest() }
        _ = try scene.mailbox.waitForMails(2)
        for site in sites {
            #expect(
                scene.tool.standardError.contains(
                    "alert about \(site.url)/ counted, not sent, because it had 1 alert in 1 h")
                    || scene.tool.standardError.contains(
                        "alert about \(site.url) counted, not sent, because it had 1 alert in 1 h"),
                "\(scene.tool.standardError)")
        }
        try scene.finish()
        let last = try #require(
            try scene.mailbox.waitForMails(3).first {
                $0["Subject"]?.hasPrefix("httpok: 4 more alerts since ") == true
            })
        for site in sites { #expect(last.body.contains("The check of \(site.url)")) }
    }

    /// With `startsecs=0`, supervisord restarts what cannot start for ever.
    @Test func `A listener that cannot start costs a handful of mails`() throws {
        let mailbox = try Mailbox()
        let supervisord = try Supervisord(
            .current,
            [
                .listener(
                    .crashmail, "-m ops@example.org -s \(mailbox.command)",
                    events: "PROCESS_STATE_EXITED"),
                .listener(
                    .httpok, "-p web -t 5zz http://127.0.0.1:1/", events: "TICK_60",
                    ["startsecs": "0", "autorestart": "true"]),
            ])
        try eventually("a count; \(supervisord.standardError(of: "crashmail"))") {
            supervisord.standardError(of: "crashmail").components(separatedBy: "counted, not sent")
                .count > 3
        }
        #expect(try mailbox.mails().count <= 5)
        try supervisord.stop()
        #expect(try mailbox.mails().count <= 6)
    }
}

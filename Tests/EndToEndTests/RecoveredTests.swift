import Foundation
import TestSupport
import Testing

/// `--recovered`: one mail about the recovery, in the thread of the alert.
@Suite struct RecoveredTests {
    /// The only test that waits for the whole minute.
    @Test func `A process that has been RUNNING for a minute is reported, in the alert's thread`()
        throws
    {
        let mailbox = try Mailbox()
        let server = try MailServer()
        let single = try RunningTool.ready(
            .crashmail, ["-m", "ops@example.org", "-s", mailbox.command, "--recovered"])
        let batches = try [Tool.crashmailbatch, .fatalmailbatch].map { tool in
            try RunningTool.ready(
                tool,
                [
                    "-t", "ops@example.org", "-f", "super@example.org", "-H", server.address, "-i",
                    "0", "--recovered",
                ])
        }
        try single.handle(.exited("web", group: "site"))
        try batches[0].handle([.exited("web", group: "site"), .tick(60)])
        try batches[1].handle([.fatal("web", group: "site"), .tick(60)])
        _ = try mailbox.waitForMails(1)
        _ = try server.waitForMessages(2)
        let start = ContinuousClock.now
        for running in [single] + batches {
            try running.handle(
                .state("STARTING", "web", group: "site", from: "EXITED", "tries:0"))
            try running.handle(
                .state("RUNNING", "web", group: "site", from: "STARTING", "pid:5"))
        }
        let mails = try mailbox.waitForMails(2, within: .seconds(120))
        #expect(ContinuousClock.now - start > .seconds(59))
        let messages = try server.waitForMessages(4).map(\.mail)
        let alerts = [mails[0]] + messages.prefix(2)
        let recoveries = [mails[1]] + messages.suffix(2)
        let identities = Set(alerts.compactMap { $0["Message-ID"] })
        #expect(identities.count == 3)
        #expect(Set(recoveries.compactMap { $0["In-Reply-To"] }) == identities)
        #expect(Set(recoveries.compactMap { $0["References"] }) == identities)
        for mail in recoveries {
            #expect(mail.told == "Process site:web has been RUNNING for a minute\n")
            let isFatal = mail["Subject"]?.contains("Fatal") == true
            let count = isFatal ? "failed starts: 1" : "crashes: 1"
            #expect(mail.body.contains("\ndowntime: ") && mail.body.hasSuffix("\n\(count)\n"))
            let alert = alerts.first { $0["Message-ID"] == mail["In-Reply-To"] }
            #expect(mail["Subject"] == alert?["Subject"].map { "Re: \($0)" })
        }
    }

    @Test func `httpok reports the site's recovery, in the first alert's thread`() throws {
        let site = try HTTPSite()
        try site.behave(.init(status: 503, reason: "Out"))
        let mailbox = try Mailbox()
        let server = try XMLRPCServer(.unix, [.init("web", pid: 5_000_000)])
        let running = try RunningTool(
            .httpok,
            [
                "-n", "shop", "-p", "web", "-m", "ops@example.org", "-s", mailbox.command,
                "--recovered", site.url,
            ],
            serverURL: server.url)
        try running.waitForReady()
        func look(_ count: Int) throws {
            try eventually("\(count) requests") {
                try running.handle(.tick(60))
                return try site.requests().count >= count
            }
        }
        try running.handle(.tick(60))
        let alert = try mailbox.waitForMails(1)[0]
        try look(2)
        _ = try mailbox.waitForMails(2)
        let failures = try site.requests().count
        try site.behave(.init())
        let mails = try eventually("a mail that all is well; \(running.standardError)") {
            () -> [Mail]? in
            try running.handle(.tick(60))
            let mails = try mailbox.mails()
            return mails.contains { $0.told.hasSuffix("is healthy again\n") } ? mails : nil
        }
        let last = try #require(mails.first { $0.told.hasSuffix("is healthy again\n") })
        #expect(last["Subject"] == alert["Subject"].map { "Re: \($0)" })
        #expect(
            last.body.contains("\ndowntime: ") && last.body.hasSuffix("\nfailures: \(failures)\n"))
        #expect(last["In-Reply-To"] == alert["Message-ID"])
        #expect(last["References"] == alert["Message-ID"])
        let count = try site.requests().count
        try look(count + 2)
        #expect(try running.finish() == .exited(0))
        #expect(try mailbox.mails().count { $0.body.contains("healthy again") } == 1)
    }

    @Test func `The downtime of a site that fails now and then is that of its last outage`() throws
    {
        let site = try HTTPSite()
        let scene = try Scene(
            .httpok, ["-p", "other", "--recovered", "--flood-limit", "1/30s", site.url],
            [.running("web")])
        func check(_ status: Int) throws {
            try site.behave(.init(status: status))
            try scene.tickAndRest()
        }
        try check(503)
        _ = try scene.mailbox.waitForMails(1)
        try check(200)
        _ = try scene.mailbox.waitForMails(2)
        // After a recovery, that it fails again is news, once in 30 s.
        try check(503)
        _ = try scene.mailbox.waitForMails(3)
        try check(200)
        _ = try scene.mailbox.waitForMails(4)
        // The third failure is counted; so is the fourth one, after the site was healthy.
        try check(503)
        try check(200)
        Thread.sleep(forTimeInterval: 3)
        let begin = Date()
        try check(503)
        let summary = try scene.mailbox.waitForMails(5)[4]
        #expect(summary.body.contains("2 times from "), "\(summary.body)")
        #expect(summary.body.contains("\nnow: "), "\(summary.body)")
        try check(200)
        let end = try scene.mailbox.waitForMails(6)[5].body
        let downtime = try #require(end.firstMatch(of: /\ndowntime: (\d+) s,/))
        let seconds = try #require(Double(downtime.1))
        #expect(seconds <= Date().timeIntervalSince(begin) + 1, "\(end)")
        try scene.finish()
    }

    @Test func `The mail about a recovery counts all failed checks, not the mails`() throws {
        let site = try HTTPSite()
        try site.behave(.init(status: 503, reason: "Out"))
        let scene = try Scene(
            .httpok, ["-p", "web", "--recovered", "--max-restarts", "1/1h", site.url],
            [.running("web")])
        try scene.tickAndRest()
        _ = try scene.mailbox.waitForMails(1)
        try scene.supervisord.set([.init("web", pid: 5_000_000, start: 1_000_001)])
        for _ in 0..<3 { try scene.tickAndRest() }
        try site.behave(.init())
        try scene.tickAndRest()
        let mails = try eventually("a mail about the recovery") { () -> [Mail]? in
            let mails = try scene.mailbox.mails()
            return mails.contains { $0.body.contains("is healthy again") } ? mails : nil
        }
        #expect(mails.count == 3)
        #expect(mails.contains { $0.body.hasSuffix("\nfailures: 4\n") }, "\(mails.map(\.body))")
        try scene.finish()
    }

    @Test func `An outage of which only "gave up" was sent has a mail about its end, too`() throws {
        let site = try HTTPSite()
        try site.behave(.init(status: 503, reason: "Out"))
        let directory = try TemporaryDirectory()
        let spool = directory.path("spool")
        let scene = try Scene(
            .httpok,
            ["-p", "web", "--recovered", "--spool", spool, "--max-restarts", "1/1h", site.url],
            [.running("web")])
        func isWell(_ count: Int) throws -> Mail {
            try site.behave(.init())
            try scene.tickAndRest()
            let mails = try scene.mailbox.waitForMails(count)
            #expect(mails.count == count)
            return try #require(mails.first { $0["In-Reply-To"] == mails[count - 2]["Message-ID"] })
        }
        try scene.tickAndRest()
        try scene.supervisord.set([.init("web", pid: 5_000_000, start: 1_000_001)])
        let first = try scene.mailbox.waitForMails(1)[0]
        #expect(try isWell(2)["Subject"] == first["Subject"].map { "Re: \($0)" })
        try site.behave(.init(status: 503, reason: "Out"))
        for _ in 0..<2 { try scene.tickAndRest() }
        let second = try scene.mailbox.waitForMails(3)[2]
        #expect(second["Subject"] == "httpok: gave up on web")
        let end = try isWell(4)
        #expect(end["Subject"] == "Re: httpok: gave up on web")
        #expect(end.body.contains("is healthy again\n") && end.body.contains("\ndowntime: "))
        try scene.finish()
        let files = try FileManager.default.subpathsOfDirectory(atPath: spool)
        #expect(!files.contains { $0.hasSuffix("thread") }, "\(files)")
    }

    @Test func `With a spool a recovery is reported by the next run, in the same thread`() throws {
        let directory = try TemporaryDirectory()
        let site = try HTTPSite()
        try site.behave(.init(status: 503, reason: "Out"))
        let arguments = ["-p", "web", "--recovered", "--spool", directory.path("spool"), site.url]
        let scene = try Scene(.httpok, arguments, [.running("web")])
        try scene.tickAndRest()
        let alert = try scene.mailbox.waitForMails(1)[0]
        scene.tool.process.send(signal: SIGKILL)
        _ = try scene.tool.process.waitForExit()
        try site.behave(.init())
        let next = try Scene(.httpok, arguments, [.running("web")])
        try next.tickAndRest()
        let mail = try next.mailbox.waitForMails(1)[0]
        #expect(mail["Subject"] == alert["Subject"].map { "Re: \($0)" })
        #expect(mail["In-Reply-To"] == alert["Message-ID"])
        try next.tickAndRest()
        try next.finish()
        #expect(next.mailbox.count == 1)
    }

    @Test func `After an outage of the mailer the recovery is in the thread of the first mail`()
        throws
    {
        let directory = try TemporaryDirectory()
        // The first alert fails when the others wait, so the next attempt usually sends a digest.
        let mailbox = try Mailbox(.failsOnce(exists: directory.path("down")))
        let site = try HTTPSite()
        try site.behave(.init(status: 503, reason: "Out"))
        let server = try XMLRPCServer(.unix, [.init("web", pid: 5_000_000)])
        let running = try RunningTool(
            .httpok,
            [
                "-p", "web", "-m", "ops@example.org", "-s", mailbox.command, "--recovered",
                "--flood-limit", "0", "--metrics", directory.path("metrics.prom"), site.url,
            ], serverURL: server.url)
        try running.waitForReady()
        try eventually("many alerts") {
            try running.handle(.tick(60))
            return mailbox.attempts > 0
                && running.standardError.components(separatedBy: ": 503 Out").count > 12
        }
        try mailbox.behave(.accepts)
        try directory.write("down", "")
        // A recovery that is made while alerts wait can be in a digest with them.
        try eventually("the delivery of all alerts") {
            // The file may be from before the first alert, when nothing had been delivered either.
            let metrics = directory.read("metrics.prom").split(separator: "\n")
            return metrics.contains { $0.hasPrefix("superlance_last_success") }
                && metrics.contains {
                    $0.hasPrefix("superlance_outbox_alerts") && $0.hasSuffix(" 0")
                }
        }
        let mails = try mailbox.mails()
        try site.behave(.init())
        let mail = try eventually("the recovery") { () -> Mail? in
            try running.handle(.tick(60))
            return try mailbox.mails().first { $0.told.hasSuffix("is healthy again\n") }
        }
        // The first alert may be in a digest, and a later one may be delivered before that.
        let first = try #require(mails.first { $0["Message-ID"] == mail["In-Reply-To"] })
        #expect(mail["Subject"] == first["Subject"].map { "Re: \($0)" })
        #expect(first["In-Reply-To"] == nil)
        #expect(try running.finish() == .exited(0))
    }

    @Test func `A missing subscription is reported`() throws {
        let mailbox = try Mailbox()
        let running = try RunningTool.ready(
            .crashmail, ["-m", "ops@example.org", "-s", mailbox.command, "--recovered"])
        for pid in 1...4 { try running.handle(.exited("web", pid: pid)) }
        _ = try mailbox.waitForMails(4)
        #expect(
            running.standardError.components(
                separatedBy: "--recovered requires events of started processes: "
                    + "add PROCESS_STATE_RUNNING to events= of this listener's section"
            ).count == 2)
    }
}

import Foundation
import TestSupport
import Testing

/// `--cooldown`: one mail for a crash loop, and no crash is lost.
@Suite struct CooldownTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func crashmail(_ mailbox: Mailbox, _ cooldown: String, _ more: [String] = []) throws
        -> RunningTool
    {
        try .ready(
            .crashmail,
            ["-m", "ops@example.org", "-s", mailbox.command, "--cooldown", cooldown] + more)
    }

    private func subjects(_ mails: [Mail]) -> [String] { mails.compactMap { $0["Subject"] } }

    @Test func `The first crash is mailed at once, further ones together after the cooldown`()
        throws
    {
        let mailbox = try Mailbox()
        let running = try crashmail(mailbox, "2s")
        for pid in 1...4 { try running.handle(.exited("web", group: "site", pid: pid)) }
        try running.handle(.exited("job", pid: 9))
        let mails = try mailbox.waitForMails(3)
        #expect(mails.count == 3)
        let first = try #require(mails.first { $0.body.contains("(pid 1) from state RUNNING") })
        #expect(first["Subject"]?.hasPrefix("web crashed at ") == true)
        #expect(mails.contains { $0.body.contains("(pid 9) from state RUNNING") })
        // It is due when the other crash has waited for further ones.
        let last = try #require(mails.first { $0.body.contains(", 3 times from ") })
        #expect(last["Subject"] == first["Subject"].map { "Re: \($0)" })
        #expect(last["In-Reply-To"] == first["Message-ID"])
        #expect(
            last.body.contains(
                /^Process site:web exited unexpectedly, 3 times from [\d: -]+ to [\d: -]+:\n[^\n]+ \(pid 2\)\n[^\n]+ \(pid 3\)\n[^\n]+ \(pid 4\)\n/
            ), "\(last.body)")
        #expect(last.body.contains("\ndeaths: 4 since "))
        #expect(
            running.standardError.contains(
                "alert about site:web counted, not sent, because it is in its cooldown"))
        #expect(try running.finish() == .exited(0))
        #expect(mailbox.count == 3)
    }

    @Test(arguments: [SIGTERM, 0])
    func `Counted crashes are reported at exit`(_ signal: Int32) throws {
        let mailbox = try Mailbox()
        let running = try crashmail(mailbox, "1h")
        for pid in 1...6 { try running.handle(.exited("web", pid: pid)) }
        _ = try mailbox.waitForMails(1)
        if signal != 0 { running.process.send(signal: signal) }
        #expect(try running.finish() == .exited(0))
        #expect(
            try mailbox.waitForMails(2).contains {
                $0.body.contains("Process web exited unexpectedly, 5 times from ")
            }
        )
    }

    @Test func `With a spool a kill loses no count`() throws {
        let mailbox = try Mailbox()
        let spool = ["--spool", directory.path("spool")]
        let running = try crashmail(mailbox, "1h", spool)
        for pid in 1...6 { try running.handle(.exited("web", pid: pid)) }
        _ = try mailbox.waitForMails(1)
        try running.waitForError("Mailed:")
        running.process.send(signal: SIGKILL)
        _ = try running.process.waitForExit()
        let next = try crashmail(mailbox, "1s", spool)
        let mails = try mailbox.waitForMails(2)
        #expect(mails.last?["Subject"] == mails.first?["Subject"].map { "Re: \($0)" })
        #expect(mails.last?.body.contains(" (pid 6)\n") == true)
        #expect(try next.finish() == .exited(0))
        #expect(mailbox.count == 2)
        let third = try crashmail(mailbox, "1s", spool)
        #expect(try third.finish() == .exited(0))
        #expect(!third.standardError.contains("from the spool"))
    }

    @Test func `With a spool the end of supervisord loses no count`() throws {
        let mailbox = try Mailbox()
        let supervisord = try Supervisord(
            .current,
            [
                .listener(
                    .crashmail, "-m ops@example.org -s \(mailbox.command) --cooldown 1h",
                    events: "PROCESS_STATE_EXITED"),
                .program(
                    "web", "/bin/sh -c 'sleep 0.3; exit 3'",
                    ["autorestart": "true", "startsecs": "0"]),
            ])
        try eventually("a count; \(supervisord.standardError(of: "crashmail"))") {
            supervisord.standardError(of: "crashmail").components(separatedBy: "counted, not sent")
                .count > 3
        }
        try supervisord.stop()
        let subjects = subjects(try mailbox.mails())
        #expect(subjects.count == 2)
        #expect(
            subjects.contains { $0.hasPrefix("Re: web crashed at ") }, "\(subjects)")
    }
}

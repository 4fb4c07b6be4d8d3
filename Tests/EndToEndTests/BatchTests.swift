import Foundation
import TestSupport
import Testing

/// The batch tools with an SMTP server.
@Suite struct BatchTests {
    private let serverURL = "unix:///nonexistent/supervisor.sock"

    @Test func `Crashes within the interval are sent as one mail`() throws {
        let server = try MailServer()
        let running = try RunningTool(
            .crashmailbatch,
            [
                "--toEmail=ops@example.org,boss@example.org", "--fromEmail=supervisor@example.org",
                "--interval=2", "--tickEvent=TICK_60", "--smtpHost=\(server.address)",
            ], serverURL: serverURL)
        try running.waitForReady()
        try running.handle(.exited("web", group: "site", pid: 11))
        try running.handle(.tick(60))
        try running.handle(.exited("job", pid: 12))
        try running.handle(.exited("done", expected: true))
        #expect(try server.messages().isEmpty)
        try running.handle(.tick(60))

        let message = try server.waitForMessages(1)[0]
        #expect(message.sender == "supervisor@example.org")
        #expect(message.recipients == ["ops@example.org", "boss@example.org"])
        #expect(message.mail["To"] == "ops@example.org, boss@example.org")
        #expect(message.mail["Subject"] == "Crash alert from supervisord")
        let lines = message.mail.told.split(whereSeparator: \.isNewline)
        try #require(lines.count == 2)
        #expect(lines[0].hasSuffix(" -- Process site:web (pid 11) died unexpectedly"))
        #expect(lines[1].hasSuffix(" -- Process job:job (pid 12) died unexpectedly"))
    }

    @Test func `The date of a batch is when it is first sent`() throws {
        let mailbox = try Mailbox()
        let running = try RunningTool.ready(
            .crashmailbatch,
            Tool.crashmailbatch.writing(to: "ops@example.org") + ["--sendmail", mailbox.command],
            environment: ["TZ": "UTC"])
        try running.handle(.exited("web"))
        // A date has no fractions: a second must pass between the two.
        let crash = time(nil)
        try eventually("the next second") { time(nil) > crash }
        try running.handle(.tick(60))
        let mail = try mailbox.waitForMails(1)[0]
        let crashed = try #require(mail.told.firstMatch(of: /\d\d:\d\d:\d\d/)?.output)
        let dated = try #require(mail["Date"]?.firstMatch(of: /\d\d:\d\d:\d\d/)?.output)
        #expect(dated != crashed)
    }

    private func crashmailbatch(
        _ mailbox: Mailbox, asking supervisord: XMLRPCServer
    ) throws -> RunningTool {
        let running = try RunningTool(
            .crashmailbatch,
            Tool.crashmailbatch.writing(to: "ops@example.org") + ["--sendmail", mailbox.command],
            serverURL: supervisord.url)
        try running.waitForReady()
        return running
    }

    @Test func `The state of a program is that at the time of the mail`() throws {
        let mailbox = try Mailbox()
        let supervisord = try XMLRPCServer(.unix, [.running("web")])
        let running = try crashmailbatch(mailbox, asking: supervisord)
        try running.handle(.exited("web", pid: 7))
        try supervisord.waitForCall("getProcessInfo")
        // It was restarted after the crash, and does not start any more.
        try supervisord.set([.init("web", pid: 0, state: 200, statename: "FATAL")])
        try running.handle(.tick(60))
        let body = try mailbox.waitForMails(1)[0].body
        #expect(
            body.contains("\nnow: stays down: supervisord no longer starts it\n"), "\(body)")
        #expect(try running.finish() == .exited(0))
    }

    @Test
    func `A program that was restarted and has ended, or was removed, is not said to be down`()
        throws
    {
        let mailbox = try Mailbox()
        let now = Int(Date().timeIntervalSince1970)
        let supervisord = try XMLRPCServer(
            .unix, [.init("job", pid: 12, start: now), .init("gone", pid: 13, start: now)])
        let running = try crashmailbatch(mailbox, asking: supervisord)
        try running.handle(.exited("job", pid: 7))
        try running.handle(.exited("gone", pid: 8))
        try supervisord.waitForCall("getProcessInfo")
        // It was started in the second of the crash.
        try supervisord.set([.init("job", pid: 0, start: now, state: 100, statename: "EXITED")])
        try running.handle(.tick(60))
        let body = try mailbox.waitForMails(1)[0].body
        #expect(body.contains("restarted, and EXITED again"), "\(body)")
        #expect(body.contains("no longer exists"), "\(body)")
        #expect(try running.finish() == .exited(0))
    }

    @Test func `A server that was down gets the mail once it is up again`() throws {
        let server = try MailServer()
        try server.stop()
        let running = try RunningTool(
            .fatalmailbatch,
            [
                "-t", "ops@example.org", "-f", "supervisor@example.org", "-e", "TICK_5", "-i",
                "0.01",
                "-H", server.address,
            ], serverURL: serverURL)
        try running.waitForReady()
        try running.handle(.fatal("web"))
        try running.handle(.tick(5))
        try running.waitForError("(Connection refused)")
        try server.start()
        try running.handle(.tick(5))

        let mail = try server.waitForMessages(1)[0].mail
        #expect(mail["Subject"] == "Fatal start alert from supervisord")
        #expect(mail.told.contains("Process web:web failed to start too many times"))
    }

    @Test(arguments: [
        ("0.5", 5, 6), ("2", 5, 24), ("5", 5, 60), ("1", 5, 12), (".1", 5, 2), ("0.25", 5, 3),
        ("1.0", 60, 1), ("3", 60, 3), ("2.5", 60, 3), ("90", 3600, 2), ("0", 60, 1),
        ("1e-3", 3600, 1),
    ])
    func `A batch is sent at the tick that completes its interval`(
        _ interval: String, _ period: Int, _ ticks: Int
    ) throws {
        let mailbox = try Mailbox()
        let running = try RunningTool.ready(
            .crashsms,
            [
                "-t", "ops@example.org", "-f", "s@example.org", "-i", interval, "-e",
                "TICK_\(period)", "--sendmail", mailbox.command,
            ])
        try running.handle(.exited("web"))
        for _ in 1..<ticks { try running.handle(.tick(period)) }
        #expect(!running.standardError.contains("Sending notification email:"))
        try running.handle(.tick(period))
        try running.waitForError("Sending notification email:")
        // Then the interval restarts.
        try running.handle(.exited("web"))
        for _ in 1..<ticks { try running.handle(.tick(period)) }
        _ = try mailbox.waitForMails(1)
        #expect(mailbox.attempts == 1)
        try running.handle(.tick(period))
        #expect(try mailbox.waitForMails(2).count == 2)
        #expect(try running.finishSilently() == .exited(0))
    }
}

// crashmailbatch, fatalmailbatch and crashsms at their job.

import TestSupport
import Testing

/// The batch three and an SMTP server.
@Suite struct BatchTests {
    private let serverURL = "unix:///nonexistent/supervisor.sock"

    @Test func `What has crashed within the interval goes out as one mail`() throws {
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
        let lines = message.mail.body.split(whereSeparator: \.isNewline)
        try #require(lines.count == 2)
        #expect(lines[0].hasSuffix(" -- Process site:web (pid 11) died unexpectedly"))
        #expect(lines[1].hasSuffix(" -- Process job:job (pid 12) died unexpectedly"))
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
        #expect(mail.body.contains("Process web:web failed to start too many times"))
    }
}

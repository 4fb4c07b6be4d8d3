import TestSupport
import Testing

/// crashmail under a real supervisord.
@Suite(.serialized) struct CrashMailTests {
    @Test(arguments: Supervisord.Version.allCases)
    func `A crash under a real supervisord is mailed`(_ version: Supervisord.Version) throws {
        let mailbox = try Mailbox()
        let supervisord = try Supervisord(
            version,
            [
                .listener(
                    .crashmail, "-a -o HOST -m ops@example.org -s \(mailbox.command)",
                    events: "PROCESS_STATE_EXITED"),
                .program("web", "/bin/sh -c 'sleep 1; exit 3'", Self.once),
                .program("job", "/bin/sh -c 'sleep 1; exit 0'", Self.once),
            ])

        let mail = try mailbox.waitForMails(1)[0]
        #expect(mail["To"] == "ops@example.org")
        let subject = try #require(mail["Subject"])
        #expect(
            subject.wholeMatch(of: /HOST: web crashed at \d{4}-\d\d-\d\d [\d:]{8},\d{3}/) != nil)
        #expect(mail.told.wholeMatch(of: Self.body) != nil)
        try supervisord.wait(for: "job") { $0.statename == "EXITED" }
        try supervisord.stop()
        #expect(mailbox.count == 1)
    }

    @Test func `A crash is sent by msmtp to a server with STARTTLS and a login`()
        throws
    {
        let server = try MailServer(.startTLS, user: "lance", password: "open sesame")
        let msmtp = try Msmtp(to: server, user: "lance", password: "open sesame")
        let running = try RunningTool(
            .crashmail, ["-m", "ops@example.org", "-s", msmtp.command],
            serverURL: "unix:///nonexistent/supervisor.sock")
        try running.waitForReady()
        try running.handle(.exited("web"))

        let message = try server.waitForMessages(1)[0]
        #expect(message.recipients == ["ops@example.org"])
        #expect(message.user == "lance")
        #expect(message.isEncrypted)
        #expect(
            message.mail.told.contains(
                "Process web in group web exited unexpectedly (pid 2766) from state RUNNING"))
    }

    private static let once = ["autorestart": "false", "startsecs": "0"]
    nonisolated(unsafe) private static let body =
        /Process web in group web exited unexpectedly \(pid \d+\) from state RUNNING\s*/
}

// Mail through a real Postfix, with its sendmail and over SMTP.

import Foundation
import TestSupport
import Testing

@Suite(.enabled(if: getuid() == 0, "only root can start a Postfix"))
struct PostfixTests {
    private func start(
        _ postfix: Postfix, to recipients: String = "ops@example.org", _ more: [String] = []
    ) throws -> RunningTool {
        try .ready(
            .crashmail,
            ["-m", recipients, "--fromEmail", "super@example.org", "--smtpHost", postfix.address]
                + more)
    }

    @Test func `A greylisted mail arrives later, once`() throws {
        let postfix = try Postfix(.init(greylisting: 1))
        let running = try start(postfix)
        try running.handle(.exited("web"))
        try running.waitForError("Greylisted, see you later")
        let mail = try postfix.waitForMails(1)[0]
        #expect(mail["Subject"]?.hasPrefix("web crashed at") == true)
        #expect(mail["Return-Path"] == "<super@example.org>")
        #expect(mail.defects.isEmpty)
        try running.waitForError("Mailed:")
        #expect(try running.finishSilently() == .exited(0))
        #expect(!running.standardError.contains("dropping an alert"))
        #expect(postfix.count() == 1)
    }

    @Test func `An unknown recipient is reported, and the other one gets the mail`() throws {
        let postfix = try Postfix()
        let running = try start(postfix, to: "nobody@example.org, ops@example.org")
        try running.handle(.exited("web"))
        #expect(try postfix.waitForMails(1)[0].told.hasPrefix("Process web in group web exited"))
        try running.waitForError("User unknown in virtual mailbox table")
        #expect(running.standardError.contains("nobody@example.org, delivered to the others"))
        #expect(try running.finishSilently() == .exited(0))
        #expect(!running.standardError.contains("dropping an alert"))
        #expect(postfix.count() == 1)
    }

    @Test(arguments: [false, true])
    func `A mail is sent over STARTTLS, with a login if required`(
        hasLogin: Bool
    ) throws {
        let login = hasLogin ? (user: "lance", password: "s3cr3t word") : nil
        let postfix = try Postfix(.init(isEncrypted: true, login: login))
        let authority = try #require(postfix.certificate).authority
        let running = try start(
            postfix,
            ["--tls", "--cacert", authority]
                + (login.map { ["--userName", $0.user, "--password", $0.password] } ?? []))
        try running.handle(.exited("web"))
        let mail = try postfix.waitForMails(1)[0]
        // RFC 3848: S for TLS, A for a login.
        #expect(mail["Received"]?.contains("with ESMTPS\(hasLogin ? "A" : "") ") == true)
        #expect(!hasLogin || postfix.log.contains("sasl_username=lance"))
    }

    @Test func `A wrong password is reported, and the text is logged`() throws {
        let postfix = try Postfix(.init(isEncrypted: true, login: ("lance", "right")))
        let authority = try #require(postfix.certificate).authority
        let running = try start(
            postfix,
            ["--tls", "--cacert", authority, "--userName", "lance", "--password", "not right"])
        try running.handle(.exited("web"))
        try running.waitForError("535")
        #expect(try running.finishSilently() == .exited(0))
        #expect(running.standardError.contains("Process web in group web exited unexpectedly"))
        #expect(postfix.count() == 0)
    }

    @Test func `sendmail returns undeliverable mail to the given sender`() throws {
        let postfix = try Postfix(mailboxes: ["ops", "super"])
        let running = try RunningTool.ready(
            .crashmail,
            [
                "-m", "nobody@example.org, ops@example.org", "--fromEmail",
                "Supervisor <super@example.org>", "-s", postfix.command,
            ])
        try running.handle(.exited("web"))
        #expect(try postfix.waitForMails(1)[0]["Return-Path"] == "<super@example.org>")
        let bounce = try postfix.waitForMails(1, in: "super")[0]
        #expect(bounce["Return-Path"] == "<>")
        #expect(bounce["X-Original-To"] == "super@example.org")
    }

    @Test(arguments: [false, true])
    func `A mail of which even the headlines are too large waits for a larger limit`(
        bySendmail: Bool
    ) throws {
        let postfix = try Postfix(.init(sizeLimit: 2_000))
        let way =
            bySendmail
            ? ["--sendmail_program", postfix.command] : ["--smtpHost", postfix.address]
        let running = try RunningTool.ready(
            .crashmailbatch, Tool.crashmailbatch.writing(to: "ops@example.org") + way)
        for number in 1...100 { try running.handle(.exited("p\(number)")) }
        try running.handle(.tick(60))
        try running.waitForError(
            bySendmail ? "message file too big" : "accepts at most 2000 bytes")
        try running.waitForError("; raise the size limit of the mail server: ")
        #expect(postfix.count() == 0)
        try postfix.setSizeLimit(10_240_000)
        let mail = try postfix.waitForMails(1)[0]
        #expect(mail.body.contains("p50:p50 (pid 2766)\n    host: "))
        #expect(!mail.body.contains("too large to be delivered"))
        #expect(!running.standardError.contains("dropping an alert"))
    }

    @Test(arguments: [false, true])
    func `What is too large for it arrives as its headlines`(bySendmail: Bool) throws {
        let postfix = try Postfix(.init(sizeLimit: 20_000))
        let way = bySendmail ? ["-s", postfix.command] : ["--smtpHost", postfix.address]
        let running = try RunningTool.ready(
            .crashmail, ["-m", "ops@example.org", "--fromEmail", "super@example.org"] + way)
        try running.handle(.exited("web" + String(repeating: "x", count: 30_000)))
        let mail = try postfix.waitForMails(1)[0]
        #expect(mail.told.hasPrefix("Process webxxxx"))
        #expect(mail.body.contains("too large to be delivered"))
        #expect(running.standardError.contains("too large, sending an alert of "))
        #expect(!running.standardError.contains("dropping an alert"))
        #expect(try running.finishSilently() == .exited(0))
        #expect(postfix.count() == 1)
    }
}

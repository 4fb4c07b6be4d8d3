import Foundation
import TestSupport
import Testing

/// `crashmail --fatal`, and one thread for a program that is FATAL again and again.
@Suite struct FatalThreadTests {
    @Test func `With --fatal a failed start is mailed at once`() throws {
        let mailbox = try Mailbox()
        let arguments = ["-m", "ops@example.org", "-s", mailbox.command]
        let plain = try RunningTool.ready(.crashmail, arguments)
        try plain.handle(.fatal("web", group: "site"))
        #expect(try plain.finish() == .exited(0))
        #expect(mailbox.count == 0)
        let running = try RunningTool.ready(.crashmail, arguments + ["--fatal", "-o", "shop"])
        try running.handle(.fatal("web", group: "site"))
        let mail = try mailbox.waitForMails(1)[0]
        #expect(mail["Subject"]?.hasPrefix("shop: web failed to start at ") == true)
        #expect(mail.told == "Process web in group site failed to start too many times\n")
        #expect(try running.finish() == .exited(0))
    }

    @Test func `A program that is FATAL again is reported in the thread of the first time`() throws
    {
        let mailbox = try Mailbox()
        let running = try RunningTool.ready(
            .crashmail, ["-m", "ops@example.org", "-s", mailbox.command, "--fatal", "-o", "shop"])
        for number in 1...3 {
            try running.handle(.fatal("web", group: "site"))
            _ = try mailbox.waitForMails(number)
        }
        let mails = try mailbox.mails().sorted { $0.body.count < $1.body.count }
        let first = mails[0]
        for (number, mail) in mails.enumerated().dropFirst() {
            #expect(mail["Subject"] == first["Subject"].map { "Re: \($0)" })
            #expect(mail["In-Reply-To"] == first["Message-ID"])
            #expect(mail.told.hasSuffix("too many times (FATAL again, attempt \(number))\n"))
        }
    }

    @Test func `fatalmailbatch folds what is FATAL again into one thread, too`() throws {
        let server = try MailServer()
        let running = try RunningTool.ready(
            .fatalmailbatch,
            [
                "-t", "ops@example.org", "-f", "super@example.org", "-H", server.address, "-i",
                "0",
            ])
        try running.handle([.fatal("web"), .tick(60)])
        let first = try server.waitForMessages(1)[0].mail
        try running.handle([.fatal("web"), .tick(60)])
        let again = try server.waitForMessages(2)[1].mail
        #expect(first["Subject"] == "Fatal start alert from supervisord")
        #expect(again["Subject"] == "Re: Fatal start alert from supervisord")
        #expect(again["In-Reply-To"] == first["Message-ID"])
        #expect(again.told.hasSuffix("failed to start too many times (FATAL again, attempt 1)\n"))
        // Each line has a number of its own.
        try running.handle([.fatal("web"), .fatal("web"), .tick(60)])
        let twice = try server.waitForMessages(3)[2].mail
        for number in [2, 3] {
            #expect(twice.told.contains("(FATAL again, attempt \(number))"))
        }
        // Another program is news.
        try running.handle([.fatal("job"), .fatal("web"), .tick(60)])
        let both = try server.waitForMessages(4)[3].mail
        #expect(both["Subject"] == "Fatal start alert from supervisord")
    }
}

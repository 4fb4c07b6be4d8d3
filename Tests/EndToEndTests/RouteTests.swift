import Foundation
import TestSupport
import Testing

/// `--route`: a team gets the alerts about its own programs.
@Suite struct RouteTests {
    private func crashmail(_ mailbox: Mailbox, _ more: [String]) throws -> RunningTool {
        try .ready(.crashmail, ["-s", mailbox.command] + more)
    }

    private func recipients(_ mailbox: Mailbox, _ count: Int) throws -> [String: String] {
        let mails = try mailbox.waitForMails(count)
        return Dictionary(mails.map { ($0["To"] ?? "", $0.body) }) { $0 + $1 }
    }

    @Test func `The first pattern that matches gets the mail, and -m the others`() throws {
        let mailbox = try Mailbox()
        let running = try crashmail(
            mailbox,
            [
                "-m", "ops@example.org", "--route", "shop:*=shop@example.org,boss@example.org",
                "--route", "shop:db=db@example.org", "--route", "job=jobs@example.org",
            ])
        try running.handle(.exited("db", group: "shop", pid: 1))
        try running.handle(.exited("job", pid: 2))
        try running.handle(.exited("other", pid: 3))
        let found = try recipients(mailbox, 3)
        #expect(
            Set(found.keys) == [
                "shop@example.org, boss@example.org", "jobs@example.org", "ops@example.org",
            ])
        #expect(found["shop@example.org, boss@example.org"]?.contains("(pid 1)") == true)
        #expect(found["jobs@example.org"]?.contains("(pid 2)") == true)
        #expect(found["ops@example.org"]?.contains("(pid 3)") == true)
        #expect(try running.finish() == .exited(0))
        #expect(mailbox.count == 3)
    }

    @Test func `Without -m only what matches is mailed`() throws {
        let mailbox = try Mailbox()
        let running = try crashmail(mailbox, ["--route", "job=jobs@example.org"])
        try running.handle(.exited("web", pid: 1))
        try running.handle(.exited("job", pid: 2))
        let found = try recipients(mailbox, 1)
        #expect(found["jobs@example.org"]?.contains("(pid 2)") == true)
        try running.waitForError(
            "crashmail: warning: not sent, as no --route matches and -m is not set: web crashed at "
        )
        #expect(try running.finish() == .exited(0))
        #expect(mailbox.count == 1)
    }

    @Test func `Processes that die together are split by address, with different Message-IDs`()
        throws
    {
        let mailbox = try Mailbox()
        let running = try crashmail(
            mailbox, ["-m", "ops@example.org", "--route", "s*=shop@example.org"])
        for pid in 1...4 { try running.handle(.exited("s\(pid)", pid: pid)) }
        for pid in 5...8 { try running.handle(.exited("p\(pid)", pid: pid)) }
        let mails = try mailbox.waitForMails(2)
        #expect(Set(mails.compactMap { $0["Message-ID"] }).count == 2)
        let found = try recipients(mailbox, 2)
        for pid in 1...8 {
            let isShop = pid < 5
            #expect(found["shop@example.org"]?.contains("(pid \(pid)) from") == isShop)
            #expect(found["ops@example.org"]?.contains("(pid \(pid)) from") == !isShop)
        }
        #expect(try running.finish() == .exited(0))
    }

    @Test func `Each address has a mail about its own processes only, as if no others had died`()
        throws
    {
        let mailbox = try Mailbox()
        let running = try crashmail(
            mailbox, ["-m", "ops@example.org", "-o", "site", "--route", "s*=shop@example.org"])
        for pid in 1...6 { try running.handle(.exited("s\(pid)", pid: pid)) }
        try running.handle(.exited("p7", pid: 7))
        let mails = try mailbox.waitForMails(2)
        let shop = try #require(mails.first { $0["To"] == "shop@example.org" })
        #expect(shop["Subject"]?.hasPrefix("site: 6 processes crashed at ") == true)
        #expect(
            shop.body.hasPrefix(
                "6 processes crashed within two seconds: s1, s2, s3, s4, s5, s6\n\nProcess s1 in"))
        let ops = try #require(mails.first { $0["To"] == "ops@example.org" })
        #expect(ops["Subject"]?.hasPrefix("site: p7 crashed at ") == true)
        #expect(ops.body.hasPrefix("Process p7 in group p7 exited unexpectedly (pid 7) from"))
        #expect(try running.finish() == .exited(0))
    }

    @Test func `With --subject the subject names the processes of the mail`() throws {
        let mailbox = try Mailbox()
        let running = try crashmail(
            mailbox,
            ["-m", "ops@example.org", "--subject", "{process}!", "--route", "s*=shop@example.org"])
        for pid in 1...6 { try running.handle(.exited("s\(pid)", pid: pid)) }
        try running.handle(.exited("p7", pid: 7))
        let mails = try mailbox.waitForMails(2)
        let subjects = Dictionary(mails.map { ($0["To"], $0["Subject"]) }) { $1 }
        #expect(subjects["ops@example.org"] == "p7!")
        #expect(subjects["shop@example.org"] == "s1, s2, s3 and 3 more!")
        #expect(try running.finish() == .exited(0))
    }

    @Test func `What follows answers the mail that the address got`() throws {
        let mailbox = try Mailbox()
        let running = try crashmail(
            mailbox,
            [
                "-m", "ops@example.org", "--route", "s*=shop@example.org", "--flood-limit",
                "1/1h",
            ])
        for pid in 1...5 { try running.handle(.exited("s\(pid)", pid: pid)) }
        try running.handle(.exited("p7", pid: 7))
        _ = try mailbox.waitForMails(2)
        for pid in 11...15 { try running.handle(.exited("s\(pid - 10)", pid: pid)) }
        for pid in 17...18 { try running.handle(.exited("p7", pid: pid)) }
        #expect(try running.finish() == .exited(0))
        let mails = try mailbox.waitForMails(4)
        for address in ["ops@example.org", "shop@example.org"] {
            let own = mails.filter { $0["To"] == address }
            #expect(own.count == 2)
            let first = try #require(own.first { $0["In-Reply-To"] == nil })
            let reply = try #require(own.first { $0["In-Reply-To"] != nil })
            #expect(reply["Subject"] == first["Subject"].map { "Re: \($0)" })
            #expect(reply["In-Reply-To"] == first["Message-ID"])
        }
    }

    @Test func `A batch is split by address`() throws {
        let server = try MailServer()
        let running = try RunningTool.ready(
            .crashmailbatch,
            [
                "-f", "super@example.org", "-H", server.address, "-i", "0", "--route",
                "web=web@example.org", "--route", "*=ops@example.org",
            ])
        try running.handle([.exited("web", pid: 1), .exited("job", pid: 2), .tick(60)])
        let mails = try server.waitForMessages(2).map(\.mail)
        let web = try #require(mails.first { $0["To"] == "web@example.org" })
        let ops = try #require(mails.first { $0["To"] == "ops@example.org" })
        #expect(web.body.contains("(pid 1) died") && !web.body.contains("(pid 2) died"))
        #expect(ops.body.contains("(pid 2) died") && !ops.body.contains("(pid 1) died"))
        #expect(try running.finish() == .exited(0))
    }

    @Test func `A test alert goes to every address`() throws {
        let mailbox = try Mailbox()
        let output = try ChildProcess.run(
            [
                Tool.crashmail.path, "-s", mailbox.command, "--route", "job=jobs@example.org",
                "--route", "web=web@example.org", "--test-alert",
            ])
        let text = String(decoding: output, as: UTF8.self)
        #expect(text.contains("sendmail to jobs@example.org: accepted"), "\(text)")
        #expect(text.contains("sendmail to web@example.org: accepted"), "\(text)")
        #expect(mailbox.count == 2)
    }

    @Test(arguments: ["job", "=ops@example.org", "job=", "job=no address"])
    func `A route that cannot be read is refused`(_ route: String) throws {
        let running = try RunningTool(
            .crashmail, ["--route", route], serverURL: nowhere, environment: [:])
        #expect(try running.process.waitForExit() == .exited(64))
        #expect(running.standardError.contains("--route requires "))
    }
}

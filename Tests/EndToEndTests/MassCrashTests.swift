import Foundation
import TestSupport
import Testing

/// Many processes that die together have one alert.
@Suite struct MassCrashTests {
    private func crashmail(_ mailbox: Mailbox, _ more: [String] = []) throws -> RunningTool {
        try .ready(.crashmail, ["-m", "ops@example.org", "-s", mailbox.command] + more)
    }

    @Test func `Seven processes that die together are in one mail, which names them all`() throws {
        let mailbox = try Mailbox()
        let running = try crashmail(mailbox, ["-o", "shop"])
        for pid in 1...7 { try running.handle(.exited("p\(pid)", pid: pid)) }
        let mail = try mailbox.waitForMails(1)[0]
        #expect(mail["Subject"]?.hasPrefix("shop: 7 processes crashed at ") == true)
        #expect(
            mail.body.hasPrefix(
                "7 processes crashed within two seconds: p1, p2, p3, p4, p5, p6, p7\n\n"))
        for pid in 1...7 {
            #expect(
                mail.body.contains(
                    "Process p\(pid) in group p\(pid) exited unexpectedly (pid \(pid)) from state"))
        }
        #expect(try running.finish() == .exited(0))
        #expect(mailbox.count == 1)
    }

    @Test(arguments: [true, false])
    func `On a busy host the mail waits for the reasons`(_ knowsMulticall: Bool) throws {
        let mailbox = try Mailbox()
        let names = (1...20).map { "p\($0)" }
        let server = try XMLRPCServer(
            .unix, names.map { XMLRPCServer.Entry($0, pid: 0, state: 100, statename: "EXITED") })
        var methods: [String: XMLRPCServer.Rule] = ["getIdentification": .delay(0.8)]
        if !knowsMulticall { methods["system.multicall"] = .fault(1, "UNKNOWN_METHOD") }
        try server.behave(.init(methods: methods))
        let running = try RunningTool(
            .crashmail, ["-m", "ops@example.org", "-s", mailbox.command], serverURL: server.url)
        try running.waitForReady()
        for (pid, name) in names.enumerated() {
            try running.handle(.exited(name, pid: pid + 1))
        }
        let mail = try mailbox.waitForMails(1)[0]
        #expect(mail["Subject"]?.hasPrefix("20 processes crashed at ") == true)
        #expect(mail.body.components(separatedBy: "\n    exit status: 0\n").count == 21)
        #expect(
            mail.body.contains(
                "p20\nnow: all 20 stay down: supervisord does not restart them\n\nProcess p1 "))
        let calls = try server.calls()
        #expect(calls.count { $0.hasPrefix("getProcessInfo") } == 20)
        #expect(calls.count { $0.hasPrefix("multicall") } <= 3)
        #expect(try running.finish() == .exited(0))
        #expect(mailbox.count == 1)
    }

    @Test func `Five processes have a mail each`() throws {
        let mailbox = try Mailbox()
        let running = try crashmail(mailbox)
        for pid in 1...5 { try running.handle(.exited("p\(pid)", pid: pid)) }
        let mails = try mailbox.waitForMails(5)
        #expect(mails.allSatisfy { $0["Subject"]?.contains(" crashed at ") == true })
        #expect(try running.finish() == .exited(0))
        #expect(mailbox.count == 5)
    }

    @Test func `0 sends a mail for each`() throws {
        let mailbox = try Mailbox()
        let running = try crashmail(mailbox, ["--flood-limit", "0"])
        for pid in 1...8 { try running.handle(.exited("p\(pid)", pid: pid)) }
        _ = try mailbox.waitForMails(8)
        #expect(try running.finish() == .exited(0))
        #expect(mailbox.count == 8)
    }

    @Test func `The shutdown waits for nothing, and loses nothing`() throws {
        let mailbox = try Mailbox()
        let running = try crashmail(mailbox)
        for pid in 1...7 { try running.handle(.exited("p\(pid)", pid: pid)) }
        #expect(try running.finish() == .exited(0))
        let mails = try mailbox.mails()
        #expect(mails.count == 1)
        #expect(mails.first?.body.contains("(pid 7)") == true)
    }

    @Test func `With a spool a kill loses no crash`() throws {
        let mailbox = try Mailbox()
        let directory = try TemporaryDirectory()
        let spool = ["--spool", directory.path("spool")]
        let running = try crashmail(mailbox, spool)
        for pid in 1...7 { try running.handle(.exited("p\(pid)", pid: pid)) }
        running.process.send(signal: SIGKILL)
        _ = try running.process.waitForExit()
        let next = try crashmail(mailbox, spool)
        try eventually("all of them; \(next.standardError)") {
            let text = try mailbox.mails().map(\.body).joined()
            return (1...7).allSatisfy { text.contains("(pid \($0)) from state") }
        }
        #expect(try next.finish() == .exited(0))
    }

    @Test func `Programs of a true supervisord that die together are explained in one mail`() throws
    {
        let mailbox = try Mailbox()
        let gate = try TemporaryDirectory()
        let wait = "until [ -e \(gate.path("open")) ]; do sleep 0.05; done; echo $0 >&2; exit 3"
        let programs = (1...6).map { number in
            Supervisord.Section.program(
                "p\(number)", "/bin/sh -c '\(wait)' last-words-\(number)",
                ["autorestart": "false", "startsecs": "0"])
        }
        let supervisord = try Supervisord(
            .current,
            [
                .listener(
                    .crashmail, "-m ops@example.org -s \(mailbox.command)",
                    events: "PROCESS_STATE_EXITED")
            ] + programs)
        try eventually("the start of crashmail") {
            supervisord.standardError(of: "crashmail").contains(" started: ")
        }
        _ = FileManager.default.createFile(atPath: gate.path("open"), contents: nil)
        let mail = try mailbox.waitForMails(1)[0]
        #expect(mail["Subject"]?.hasPrefix("6 processes crashed at ") == true)
        for number in 1...6 {
            #expect(mail.body.contains("last-words-\(number)"), "\(mail.body)")
        }
        #expect(mail.body.components(separatedBy: "exit status: 3").count == 7)
        #expect(
            mail.body.contains("now: stays down: supervisord does not restart it"), "\(mail.body)")
        try supervisord.stop()
        #expect(mailbox.count == 1)
    }
}

import TestSupport
import Testing

/// httpok and memmon over both of supervisord's transports.
@Suite struct RestartTests {
    /// superlance fails with a KeyError if the limit is given by group:name.
    @Test(
        arguments: [XMLRPCServer.Transport.unix, .tcp], ["web", "site:web"]
    )
    func `memmon restarts a process over its limit, and mails that`(
        _ transport: XMLRPCServer.Transport, _ program: String
    ) throws {
        let big = try ChildProcess(["/bin/sleep", "86400"])
        let mailbox = try Mailbox()
        let supervisord = try XMLRPCServer(
            transport,
            [
                .init("web", group: "site", pid: Int(big.pid)),
                .init("down", pid: 0),
                .init("memmon", pid: Int(big.pid)),
            ])
        let running = try RunningTool(
            .memmon,
            ["-p", "\(program)=1", "-p", "down=1", "-m", "ops@example.org", "-s", mailbox.command],
            serverURL: supervisord.url)
        try running.waitForReady()
        try running.handle(.tick(60))

        let mail = try mailbox.waitForMails(1)[0]
        #expect(mail["Subject"] == "memmon: process site:web restarted")
        #expect(mail.told.contains("because it was consuming too much memory"))
        #expect(
            try supervisord.calls().filter { !$0.hasPrefix("get") }
                == ["stopProcess site:web", "startProcess site:web"])
        #expect(try supervisord.processes().first { $0.name == "web" }?.pid != Int(big.pid))
    }

    @Test func `httpok restarts the processes behind a site that is down, and mails it`() throws {
        let site = try HTTPSite()
        try site.behave(.init(status: 503, reason: "Out To Lunch"))
        let mailbox = try Mailbox()
        let supervisord = try XMLRPCServer(
            .unix, [.init("web", pid: 5_000_000), .init("other", pid: 5_000_000)])
        let running = try RunningTool(
            .httpok, ["-p", "web", "-m", "ops@example.org", "-s", mailbox.command, site.url],
            serverURL: supervisord.url)
        try running.waitForReady()
        try running.handle(.tick(60))

        let mail = try mailbox.waitForMails(1)[0]
        #expect(mail["Subject"] == "httpok: \(site.url): bad status returned")
        #expect(
            mail.told.split(separator: "\n") == [
                "status contacting \(site.url): 503 Out To Lunch",
                "Restarting selected processes ['web']",
                "web is in RUNNING state, restarting",
                "web restarted",
            ])
        #expect(
            try supervisord.calls().filter { !$0.hasPrefix("get") }
                == ["stopProcess web", "startProcess web"])
        #expect(try site.requests()[0].headers["User-Agent"] == "httpok")
    }

    @Test func `httpok does not restart healthy programs`() throws {
        let site = try HTTPSite()
        let supervisord = try XMLRPCServer(.unix, [.init("web", pid: 5_000_000)])
        let running = try RunningTool(.httpok, ["-p", "web", site.url], serverURL: supervisord.url)
        try running.waitForReady()
        try running.handle(.tick(60))
        try site.waitForRequests(1)
        #expect(try supervisord.calls().allSatisfy { $0.hasPrefix("get") })
    }
}

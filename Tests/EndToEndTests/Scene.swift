import TestSupport
import Testing

/// httpok or memmon with a simulated supervisord and a mailbox, after READY.
struct Scene {
    let supervisord: XMLRPCServer
    let mailbox: Mailbox
    let tool: RunningTool

    /// Starts the tool, which by default mails to the mailbox.
    init(
        _ tool: Tool, _ arguments: [String], _ processes: [XMLRPCServer.Entry],
        transport: XMLRPCServer.Transport = .unix, environment: [String: String] = [:],
        mails: Bool = true
    ) throws {
        supervisord = try XMLRPCServer(transport, processes)
        mailbox = try Mailbox()
        let mail = mails ? ["-m", "ops@example.org", "-s", mailbox.command] : []
        self.tool = try RunningTool(
            tool, mail + arguments, serverURL: supervisord.url, environment: environment)
        try self.tool.waitForReady()
    }

    /// Sends one tick, which is acknowledged at once.
    func tick(within duration: Duration = .seconds(5)) throws {
        try tool.handle(.tick(60), within: duration)
    }

    /// Sends one tick, and waits for its consequences.
    func tickAndRest(within duration: Duration = patience) throws {
        try tick()
        try rest(within: duration)
    }

    /// Waits until no worker is running and no delivery is pending.
    func rest(within duration: Duration = patience) throws {
        // Reading /proc takes time: it may miss a child that is started while another ends. So
        // nothing may be at work several times in a row, with an event in between, after which
        // everything that was due has been started.
        var quiet = 0
        while quiet < 3 {
            let workers = { ProcessTree.descendants(of: tool.process.pid) }
            quiet = workers().isEmpty ? quiet + 1 : 0
            try eventually("the end of all work; stderr: \(tool.standardError)", within: duration) {
                workers().isEmpty
            }
            try tool.handle(.communication("web", "anything"))
        }
    }

    /// The lines of the only mail's body.
    func onlyBody() throws -> String {
        let mails = try mailbox.waitForMails(1)
        try #require(mails.count == 1)
        return mails[0].told
    }

    /// Closes its stdin and checks its exit.
    func finish() throws {
        #expect(try tool.finish() == .exited(0))
        #expect(try tool.process.readToEnd().isEmpty)
    }
}

extension XMLRPCServer.Entry {
    /// A running process with an unused pid.
    static func running(_ name: String, group: String? = nil) -> Self {
        .init(name, group: group, pid: 5_000_000)
    }
}

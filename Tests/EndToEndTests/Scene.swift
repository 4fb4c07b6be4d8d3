// A listener that restarts, with a false supervisord and a mailbox around it.

import TestSupport
import Testing

/// httpok or memmon between a supervisord that is none and a mailbox; it has said READY.
struct Scene {
    let supervisord: XMLRPCServer
    let mailbox: Mailbox
    let tool: RunningTool

    /// Starts the tool, which mails to the mailbox unless told otherwise.
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

    /// One tick, which is answered at once whatever it calls for.
    func tick(within duration: Duration = .seconds(5)) throws {
        try tool.handle(.tick(60), within: duration)
    }

    /// One tick, and everything that comes of it.
    func tickAndRest(within duration: Duration = patience) throws {
        try tick()
        try rest(within: duration)
    }

    /// Waits until no worker is at work and nothing is on its way.
    func rest(within duration: Duration = patience) throws {
        // A look at /proc takes time: it may miss a child that is started while another ends. So
        // there are several, and an event in between, after which everything that was due has
        // been started.
        for _ in 0..<3 {
            try eventually("the end of all work; stderr: \(tool.standardError)", within: duration) {
                ProcessTree.descendants(of: tool.process.pid).isEmpty
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

    /// Ends it in good order.
    func finish() throws {
        #expect(try tool.finish() == .exited(0))
        #expect(try tool.process.readToEnd().isEmpty)
    }
}

extension XMLRPCServer.Entry {
    /// A process that runs, under a pid that nobody has.
    static func running(_ name: String, group: String? = nil) -> Self {
        .init(name, group: group, pid: 5_000_000)
    }
}

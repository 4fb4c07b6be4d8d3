import Glibc
import TestSupport
import Testing

/// The tools under a host that sets no SUPERVISOR_ variables.
@Suite struct GoHostTests {
    /// A tool with open pipes and an empty environment, after its first READY.
    private func start(_ tool: Tool, _ arguments: [String]) throws -> ChildProcess {
        let process = try RunningTool.byHand(tool, arguments)
        try expect("READY\n", of: process)
        return process
    }

    private func expect(_ text: String, of process: ChildProcess) throws {
        #expect(try process.read(text.utf8.count) == Array(text.utf8))
    }

    private func handle(_ event: EventPayload, _ serial: Int, by process: ChildProcess) throws {
        try process.write(
            EventFrame(event, length: .bytes, serial: serial, poolSerial: serial).bytes)
        try expect("RESULT 2\nOKREADY\n", of: process)
    }

    @Test(arguments: Tool.mailers)
    func `Tools without RPC run without supervisord's environment`(_ tool: Tool) throws {
        let mailbox = try Mailbox()
        let process = try start(
            tool, tool.writing(to: "ops@example.org") + ["--sendmail", mailbox.command])
        try handle(.log("网站", "多字节的一行\n"), 1, by: process)
        try handle(.supervisor("RUNNING"), 2, by: process)
        for (number, event) in tool.occasions("网站", group: "生产").enumerated() {
            try handle(event, 3 + number, by: process)
        }
        let body = try mailbox.waitForMails(1)[0].told
        #expect(body.contains("网站") && body.contains("生产"))
        process.closeInput()
        #expect(try process.waitForExit() == .exited(0))
        #expect(try process.readToEnd().isEmpty)
    }

    @Test func `Many names beyond ASCII are no slower than others once the host is known`() throws {
        let mailbox = try Mailbox()
        let process = try start(
            .crashmailbatch,
            Tool.crashmailbatch.writing(to: "ops@example.org") + ["--sendmail", mailbox.command])
        for serial in 1...500 { try handle(.exited("网站\(serial)"), serial, by: process) }
        try handle(.tick(60), 501, by: process)
        let lines = try mailbox.waitForMails(1)[0].told.split(separator: "\n")
        #expect(lines.count == 51)
        #expect(lines.last == "and 450 more")
    }

    @Test func `httpok and memmon find supervisord by --server-url`() throws {
        let big = try ChildProcess(["/bin/sleep", "86400"])
        let site = try HTTPSite()
        try site.behave(.init(status: 500, reason: "No"))
        for transport in [XMLRPCServer.Transport.unix, .tcp] {
            let tools: [(Tool, [String])] = [(.memmon, ["-a1"]), (.httpok, ["-a", site.url])]
            for (tool, arguments) in tools {
                let supervisord = try XMLRPCServer(transport, [.init("网站", pid: Int(big.pid))])
                let process = try start(tool, ["--server-url", supervisord.url] + arguments)
                try handle(.tick(5), 1, by: process)
                try supervisord.waitForCall("startProcess 网站")
                process.closeInput()
                #expect(try process.waitForExit() == .exited(0))
            }
        }
    }

    @Test func `--server-url overrides the environment`() throws {
        let big = try ChildProcess(["/bin/sleep", "86400"])
        let supervisord = try XMLRPCServer(.unix, [.init("web", pid: Int(big.pid))])
        let running = try RunningTool.ready(.memmon, ["-a1", "--server-url=\(supervisord.url)"])
        try running.handle(.tick(5))
        try supervisord.waitForCall("startProcess web")
    }

    @Test(arguments: [Tool.httpok, .memmon])
    func `httpok and memmon require --server-url`(_ tool: Tool) throws {
        let process = try RunningTool.byHand(tool, tool.usualArguments)
        #expect(try process.waitForExit() == .exited(64))
        #expect(try process.readToEnd().isEmpty)
        #expect(process.standardError.contains("--server-url is missing"))
        #expect(!process.standardError.contains("run as a supervisor event listener"))
    }

    @Test(arguments: [Tool.httpok, .memmon])
    func `httpok and memmon without input report that they are event listeners`(
        _ tool: Tool
    ) throws {
        let process = try ChildProcess(
            ["/bin/sh", "-c", "exec \"$0\" \"$@\" </dev/null", tool.path] + tool.usualArguments)
        #expect(try process.waitForExit() == .exited(64))
        #expect(process.standardError.contains("run as a supervisor event listener"))
    }

    @Test(arguments: Tool.mailers)
    func `Tools without input report that they are event listeners`(
        _ tool: Tool
    ) throws {
        let process = try ChildProcess(
            ["/bin/sh", "-c", "exec \"$0\" \"$@\" </dev/null", tool.path] + tool.usualArguments)
        #expect(try process.waitForExit() == .exited(64))
        #expect(try process.readToEnd().isEmpty)
        let lines = process.standardError.split(separator: "\n")
        #expect(lines.count == 1)
        #expect(process.standardError.contains("run as a supervisor event listener"))
    }
}

// What all six have in common: the protocol over pipes.

import Glibc
import TestSupport
import Testing

/// The READY/RESULT loop of the built tools.
@Suite struct HandshakeTests {
    /// Nobody answers there, and nobody has to.
    private let serverURL = "unix:///nonexistent/supervisor.sock"

    @Test(arguments: Tool.allCases)
    func `Every tool is ready, answers OK and is ready again`(_ tool: Tool) throws {
        let running = try RunningTool(tool, tool.usualArguments, serverURL: serverURL)
        try running.waitForReady()
        try running.handle(.state("RUNNING", "web", from: "STARTING", "pid:42"))
        try running.handle(.communication("web", "one line\nand another\n"))
        try running.handle(.supervisor("STOPPING"))
    }

    @Test(arguments: Tool.allCases)
    func `Every tool ends with status 0 when its stdin ends`(_ tool: Tool) throws {
        let running = try RunningTool(tool, tool.usualArguments, serverURL: serverURL)
        try running.waitForReady()
        #expect(try running.finish() == .exited(0))
        #expect(try running.process.readToEnd().isEmpty)
    }

    @Test(arguments: Tool.allCases)
    func `Every tool that was started by hand says what it is for`(_ tool: Tool) throws {
        let process = try RunningTool.byHand(tool, tool.usualArguments)
        process.closeInput()
        #expect(try process.waitForExit() == .exited(64))
        #expect(process.standardError.contains("run as a supervisor event listener"))
        #expect(try process.readToEnd().isEmpty)
    }

    @Test(arguments: EventFrame.Length.allCases)
    func `A frame may come byte by byte, whatever its len counts`(
        _ length: EventFrame.Length
    ) throws {
        let mailbox = try Mailbox()
        let running = try RunningTool(
            .crashmail, ["-m", "ops@example.org", "-s", mailbox.command], serverURL: serverURL,
            length: length)
        try running.waitForReady()
        for byte in running.frame(.exited("网站")).bytes {
            try running.process.write([byte])
            usleep(1000)
        }
        try running.waitForOK()
        try running.waitForReady()
        #expect(try mailbox.waitForMails(1)[0].body.contains("Process 网站 in group 网站 exited"))
    }
}

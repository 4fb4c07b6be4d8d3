// The silence file and the tools that report events.

import Foundation
import TestSupport
import Testing

@Suite struct SilencedAlertTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
    }

    private func arguments(_ tool: Tool, _ mailbox: Mailbox) -> [String] {
        let mail =
            Tool.mailers.contains(tool)
            ? tool.writing(to: "ops@example.org")
            : ["-p", "web", "-p", "job", "-m", "ops@example.org"]
        return mail + ["--sendmail", mailbox.command]
    }

    private func events(_ tool: Tool, _ name: String) -> [EventPayload] {
        Tool.mailers.contains(tool) ? tool.occasions(name) : [.fatal(name)]
    }

    private static let tools = Tool.mailers + [.fatalretry]

    @Test(arguments: tools)
    func `a silence holds the alerts about its processes only`(_ tool: Tool) throws {
        let mailbox = try Mailbox()
        let file = try folder.write("silence", "we? until 2999-01-01T00:00:00Z by ann\n")
        let running = try RunningTool.ready(
            tool, arguments(tool, mailbox), environment: ["SUPERLANCE_SILENCE": file])
        try running.handle(events(tool, "web"))
        try running.waitForError("alert not sent, web is silenced until 2999-01-01")
        try running.handle(events(tool, "job"))
        let mails = try mailbox.waitForMails(1)
        #expect(!mails[0].told.contains("web"))
        #expect(running.wholeLog.contains("silenced until 2999-01-01 "))
        #expect(!running.wholeLog.contains("unknown variable"))

        // fatalretry reports the next attempt, which takes a minute.
        guard tool != .fatalretry else { return }
        try FileManager.default.removeItem(atPath: file)
        try running.handle(events(tool, "web"))
        _ = try mailbox.waitForMails(2)
        try running.waitForError("no longer silenced: we?")
    }

    @Test func `fatalexit sends no alert about a silenced program`() throws {
        let mailbox = try Mailbox()
        let file = try folder.write("silence", "web until 2999-01-01T00:00:00Z by ann\n")
        // Without it, fatalexit ends the process that started it.
        let supervisord = try XMLRPCServer(
            .unix, [.init("web", pid: 0, state: 200, statename: "FATAL")])
        let running = try RunningTool.ready(
            .fatalexit, arguments(.fatalexit, mailbox) + ["--silence", file],
            environment: ["SUPERVISOR_SERVER_URL": supervisord.url])
        try running.handle(.fatal("web"))
        try running.waitForError("alert not sent, web is silenced until ")
        try supervisord.waitForCall("shutdown")
        #expect(mailbox.attempts == 0)
    }

    @Test func `the end of a silence is logged once its time has come`() throws {
        let soon = Date(timeIntervalSinceNow: 2)
        let file = try folder.write(
            "silence", "web until \(ISO8601DateFormatter().string(from: soon)) by ann\n")
        let running = try RunningTool.ready(.crashmail, ["--silence", file])
        try running.waitForError("silenced until ")
        try running.waitForError("no longer silenced: web", within: .seconds(30))
    }

    @Test func `a silence file below a file is reported`() throws {
        let file = try folder.write("file", "x")
        let running = try RunningTool.ready(.crashmail, ["--silence", "\(file)/a/b"])
        try running.waitForError(
            "the silence file \(file)/a/b: \(file) is not a directory; name another path")
    }

    @Test(arguments: [true, false])
    func `a silence file that cannot be read is reported`(isDirectory: Bool) throws {
        let path = folder.path("silence")
        if isDirectory {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: false)
        } else {
            #expect(mkfifo(path, 0o600) == 0)
        }
        let running = try RunningTool.ready(.crashmail, ["--silence", path])
        let advice =
            isDirectory
            ? "it is a directory; name a file in it, such as \(path)/silence"
            : "it is not a regular file; delete it"
        try running.waitForError("the silence file \(path): \(advice)")
    }
}

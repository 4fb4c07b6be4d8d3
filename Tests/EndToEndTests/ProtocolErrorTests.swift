import TestSupport
import Testing

/// Sessions that end with a protocol error or within a frame.
@Suite struct ProtocolErrorTests {
    private static let header =
        "ver:3.0 server:supervisor serial:1 pool:x poolserial:1 eventname:TICK_5"

    private static let garbage: [(String, String)] = [
        ("\(header)\n", "a header without a len that is a number: '\(header)'"),
        ("\(header) len:\n", "a header without a len that is a number"),
        ("\(header) len:ten\n", "len:ten'"),
        ("\(header) len:-1\n", "a header with a negative len"),
        ("\(header) len:268435456\n", "a header with a len beyond"),
        ("\(header) len:99999999999999999999\n", "len:99999999999999999999'"),
        ("ver:3.0 server:supervisor serial:1 len:5\nwhen:", "a header without an eventname"),
        ("processname:网站 groupname:网站\n", "processname:网站 groupname:网站'"),
        ("\u{1B}[31mred\u{7}\n", #"'\u{1B}[31mred\u{07}'"#),
        ("RESULT 2\nOK", "RESULT 2"),
        (String(repeating: "监", count: 30_000), "no line end in 65536 bytes of a header: '监监"),
    ]

    @Test(arguments: garbage)
    func `Invalid input is shown and ends the tool with status 76`(
        _ input: String, _ words: String
    ) throws {
        let running = try RunningTool.ready(.crashmail, ["-a"])
        try running.process.write(Array(input.utf8))
        #expect(try running.process.waitForExit() == .exited(76))
        #expect(try running.process.readToEnd().isEmpty)
        #expect(running.standardError.contains("crashmail: error: protocol error, exiting"))
        #expect(running.standardError.contains(words))
        #expect(!running.standardError.unicodeScalars.contains("\u{1B}"))
        #expect(running.standardError.utf8.count < 2_000)
    }

    @Test(arguments: Tool.allCases)
    func `Every tool exits with status 76 after a protocol error`(_ tool: Tool) throws {
        let running = try RunningTool.ready(tool, tool.usualArguments)
        try running.handle(.supervisor("RUNNING"))
        try running.process.write("HTTP/1.1 400 Bad Request\r\n".utf8)
        #expect(try running.process.waitForExit() == .exited(76))
        #expect(try running.process.readToEnd().isEmpty)
        #expect(running.standardError.contains("HTTP/1.1 400 Bad Request"))
    }

    @Test(arguments: Tool.mailers)
    func `Events before a protocol error are still delivered`(_ tool: Tool) throws {
        let mailbox = try Mailbox(.slow(0.5))
        let running = try RunningTool.ready(
            tool, tool.writing(to: "ops@example.org") + ["--sendmail", mailbox.command])
        try running.handle(tool.occasion("web"))
        // The valid event before the invalid one counts too.
        try running.process.write(running.frame(tool.occasion("job")).bytes + Array("?\n".utf8))
        #expect(try running.process.waitForExit() == .exited(76))
        let text = try mailbox.mails().map(\.told).joined()
        #expect(text.contains("web") && text.contains("job"))
        #expect(mailbox.count == (tool == .crashmail ? 2 : 1))
        #expect(!running.standardError.contains("dropping an alert"))
    }

    @Test(arguments: [1, 30, 110, 120, 150])
    func `The end of the input within a frame is a normal end`(_ length: Int) throws {
        let mailbox = try Mailbox()
        let running = try RunningTool.ready(
            .crashmail, ["-m", "ops@example.org", "-s", mailbox.command])
        try running.handle(.exited("web"))
        let frame = running.frame(.exited("a-job-with-a-long-name")).bytes
        try #require(length < frame.count)
        try running.process.write(frame.prefix(length))
        #expect(try running.finishSilently() == .exited(0))
        #expect(mailbox.count == 1)
    }

    /// With `len` in bytes, a name beyond ASCII leaves open whether more follows.
    @Test(arguments: Tool.mailers, [true, false])
    func `An event that is undecided at the end of the input is reported`(
        _ tool: Tool, _ isEndOfInput: Bool
    ) throws {
        let mailbox = try Mailbox()
        let running = try RunningTool.ready(
            tool, tool.writing(to: "ops@example.org") + ["--sendmail", mailbox.command],
            length: .bytes)
        try running.send(tool.occasion("网站"))
        if isEndOfInput {
            running.process.closeInput()
        } else {
            running.process.send(signal: 15)
        }
        #expect(try running.process.waitForExit() == .exited(0))
        let mails = try mailbox.mails()
        #expect(mails.count == 1)
        #expect(mails.first?.told.contains("网站") == true)
    }
}

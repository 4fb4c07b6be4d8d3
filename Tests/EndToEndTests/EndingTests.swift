import Glibc
import TestSupport
import Testing

/// The last five seconds of a tool.
@Suite struct EndingTests {
    @Test(arguments: Tool.allCases)
    func `A tool exits when its standard output is closed`(_ tool: Tool) throws {
        let running = try RunningTool.ready(tool, tool.usualArguments)
        try running.handle(.supervisor("RUNNING"))
        running.process.closeOutput()
        #expect(try running.process.waitForExit() == .exited(74))
        #expect(
            running.standardError.contains(
                "cannot answer supervisord: standard output is closed, or cannot be written to"))
    }

    @Test(arguments: [">&-", ">/dev/full", "</dev/null >&-", ">/dev/null"])
    func `A tool that cannot write results exits at once with the reason`(_ redirection: String)
        throws
    {
        let process = try ChildProcess(
            ["/bin/sh", "-c", "exec \(Tool.crashmail.path) -a \(redirection)"],
            environment: ChildProcess.environment(adding: ["SUPERVISOR_ENABLED": "1"]))
        #expect(try process.waitForExit() == .exited(74))
        #expect(process.standardError.contains("cannot answer supervisord: standard output"))
    }

    @Test func `A tool whose log is not read continues`() throws {
        let directory = try TemporaryDirectory()
        let log = directory.path("log")
        try #require(mkfifo(log, 0o600) == 0)
        let reader = open(log, O_RDWR | O_NONBLOCK)
        defer { close(reader) }
        let process = try ChildProcess(
            ["/bin/sh", "-c", "exec \(Tool.crashmail.path) 2>\(log)"],
            environment: ChildProcess.environment(adding: ["SUPERVISOR_ENABLED": "1"]))
        #expect(try process.read(6) == Array("READY\n".utf8))
        let answer = Array("RESULT 2\nOKREADY\n".utf8)
        // The second one does not fit into a pipe.
        let name = String(repeating: "x", count: 30_000)
        for serial in 1...3 {
            try process.write(EventFrame(.exited(name), serial: serial, poolSerial: serial).bytes)
            #expect(try process.read(answer.count) == answer)
        }
        process.closeInput()
        #expect(try process.waitForExit(within: .seconds(60)) == .exited(0))
    }

    /// A cause of the shutdown.
    enum Cause: CaseIterable {
        case endOfInput, termination

        func befall(_ running: RunningTool) {
            switch self {
            case .endOfInput: running.process.closeInput()
            case .termination: running.process.send(signal: SIGTERM)
            }
        }
    }

    /// The timeout for a shutdown on a busy machine; it takes five seconds at most by itself.
    private static let longest = Duration.seconds(20)

    @Test(arguments: Tool.collecting, Cause.allCases)
    func `An open batch is sent at exit`(_ tool: Tool, _ cause: Cause) throws {
        let mailbox = try Mailbox(.slow(0.3))
        let running = try RunningTool.ready(
            tool,
            ["-t", "ops@example.org", "-f", "s@example.org", "--sendmail", mailbox.command])
        try running.handle([tool.occasion("网站"), .tick(5), tool.occasion("job")])
        cause.befall(running)
        #expect(try running.process.waitForExit(within: Self.longest) == .exited(0))
        #expect(try running.process.readToEnd().isEmpty)
        let body = try #require(try mailbox.mails().first).told
        #expect(body.split(separator: "\n").count == 2)
        // A text message with a name beyond ASCII has room for only 70 characters.
        let second = tool == .crashsms ? "+1 more" : "job:job"
        #expect(body.contains("网站:网站") && body.contains(second))
        #expect(!running.standardError.contains("dropping"))
    }

    @Test(arguments: Tool.mailers, Cause.allCases)
    func `Undeliverable mail is logged in full at exit`(
        _ tool: Tool, _ cause: Cause
    ) throws {
        let mailbox = try Mailbox(.fails(status: 71, words: "out of order"))
        let running = try RunningTool.ready(
            tool, tool.writing(to: "ops@example.org") + ["--sendmail", mailbox.command])
        for name in ["first", "second"] {
            try running.handle(tool.occasion(name, group: "网站"))
        }
        try running.handle(.state("RUNNING", "web", from: "STARTING", "pid:1"))
        cause.befall(running)
        #expect(try running.process.waitForExit(within: Self.longest) == .exited(0))
        #expect(try running.process.readToEnd().isEmpty)
        let log = running.standardError
        let end = try #require(log.firstRange(of: "dropping an alert of"))
        // A text message has no room for the second one, which was logged when it occurred.
        let place = tool == .crashsms ? log.startIndex : end.lowerBound
        for name in ["first", "second"] { #expect(log[place...].contains(name)) }
        #expect(log.contains("status 71: out of order"))
        #expect(mailbox.attempts >= 1)
    }

    @Test func `A sendmail that hangs is killed at exit`() throws {
        // All at once, since each takes its last five seconds.
        let cases = try Tool.mailers.map { tool in
            let mailbox = try Mailbox(.hangs)
            let running = try RunningTool.ready(
                tool, tool.writing(to: "ops@example.org") + ["--sendmail", mailbox.command])
            try running.handle(tool.occasions("web"))
            try mailbox.waitForAttempts(1)
            return (mailbox, running, ProcessTree.descendants(of: running.process.pid))
        }
        for (_, running, _) in cases { running.process.send(signal: SIGTERM) }
        for (_, running, hanging) in cases {
            #expect(try running.process.waitForExit(within: Self.longest) == .exited(0))
            let log = running.standardError
            #expect(
                log.contains("the listener exited during the delivery; it may have been delivered"))
            let last = try #require(log.firstRange(of: "dropping an alert of"))
            #expect(log[last.lowerBound...].contains("web"))
            #expect(!hanging.isEmpty)
            try eventually("the end of what hung") {
                !hanging.contains(where: ProcessTree.isAlive)
            }
        }
    }

    @Test(arguments: [SIGTERM, SIGINT, SIGHUP, SIGQUIT], Tool.allCases)
    func `Every termination signal makes a tool exit with 0`(
        _ signal: Int32, _ tool: Tool
    ) throws {
        let running = try RunningTool.ready(tool, tool.usualArguments)
        running.process.send(signal: signal)
        #expect(try running.process.waitForExit(within: Self.longest) == .exited(0))
        #expect(try running.process.readToEnd().isEmpty)
    }

    @Test func `A backlog is sent as one digest at exit`() throws {
        let mailbox = try Mailbox(.failsFirst(1))
        let running = try RunningTool.ready(
            .crashmail,
            ["-m", "ops@example.org", "-s", mailbox.command, "--flood-limit", "0"])
        try running.handle(.exited("p1"))
        try running.waitForError("status 75")
        for number in 2...9 { try running.handle(.exited("p\(number)")) }
        #expect(mailbox.attempts == 1)
        #expect(try running.finish(within: Self.longest) == .exited(0))
        let mails = try mailbox.mails()
        #expect(mails.count == 1)
        #expect(mails.first?["Subject"]?.hasPrefix("crashmail: 9 alerts since") == true)
    }

    @Test func `A mail is sent even if supervisord no longer waits`() throws {
        let mailbox = try Mailbox(.slow(0.2))
        // Its stdout never has a reader.
        let process = try ChildProcess(
            [
                "/bin/sh", "-c", "exec \"$0\" \"$@\" | head -n 1", Tool.crashmail.path, "-m",
                "ops@example.org", "-s", mailbox.command,
            ], environment: ChildProcess.environment(adding: ["SUPERVISOR_ENABLED": "1"]))
        #expect(try process.readLine() == "READY")
        for number in 1...3 {
            try process.write(
                EventFrame(.exited("p\(number)"), serial: number, poolSerial: number).bytes)
        }
        process.closeInput()
        #expect(try mailbox.waitForMails(3).count == 3)
        #expect(try process.waitForExit() == .exited(0))
    }

    @Test(arguments: Tool.allCases, ["<&-", "<&- 2>&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
    func `With a closed standard descriptor a tool exits instead of hanging`(
        _ tool: Tool, _ redirection: String
    ) throws {
        let process = try ChildProcess(
            ["/bin/sh", "-c", "exec \"$0\" \"$@\" \(redirection)", tool.path] + tool.usualArguments,
            environment: ChildProcess.environment(adding: [
                "SUPERVISOR_ENABLED": "1", "SUPERVISOR_SERVER_URL": nowhere,
            ]))
        process.closeInput()
        let hasNoOutput = redirection.contains(" >&-") || redirection.hasPrefix(">")
        // EX_IOERR: results cannot be written.
        #expect(try process.waitForExit() == .exited(hasNoOutput ? 74 : 0))
        let output = String(decoding: try process.readToEnd(), as: UTF8.self)
        #expect(output == (hasNoOutput ? "" : "READY\n"))
    }
}

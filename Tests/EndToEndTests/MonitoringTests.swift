import Glibc
import TestSupport
import Testing

/// Heartbeat, metrics, test alert and `--show-config`.
@Suite struct MonitoringTests {
    private let batch = ["-t", "ops@example.org", "-f", "supervisor@example.org"]

    // MARK: Heartbeat

    @Test(arguments: Tool.allCases)
    func `Each completed tick is followed by a heartbeat`(tool: Tool) throws {
        let switchboard = try HTTPSite()
        let server = try XMLRPCServer()
        let running = try RunningTool(
            tool, ["--heartbeat", "\(switchboard.url)geheim"] + tool.usualArguments,
            serverURL: server.url)
        try running.waitForReady()
        try running.handle(.tick(5))
        try switchboard.waitForRequests(1)
        let request = try switchboard.requests()[0]
        #expect(request.method == "GET")
        #expect(request.path == "/geheim")
        try running.handle(.exited("other", expected: true))
        try running.handle(.tick(5))
        try switchboard.waitForRequests(2)
        #expect(try switchboard.requests().count == 2)
    }

    @Test func `There is no heartbeat before the work of a tick is complete`() throws {
        let switchboard = try HTTPSite()
        let site = try HTTPSite()
        try site.behave(HTTPSite.Behaviour(hang: true))
        let server = try XMLRPCServer()
        let running = try RunningTool(
            .httpok, ["-t", "3", "--heartbeat", switchboard.url, site.url], serverURL: server.url)
        try running.waitForReady()
        try running.handle(.tick(5))
        try site.waitForRequests(1)
        try running.handle(.tick(5))
        #expect(try switchboard.requests().isEmpty)
        try switchboard.waitForRequests(1)
        try running.waitForError("error contacting")
    }

    @Test func `There is no heartbeat after a tick with a check that could not be made`() throws {
        let switchboard = try HTTPSite()
        let directory = try TemporaryDirectory()
        let server = try XMLRPCServer()
        let command = "exec:sh -c 'test -e \(directory.path("file")) || exit 126'"
        let running = try RunningTool(
            .httpok, ["--heartbeat", switchboard.url, command, "exec:true"],
            serverURL: server.url)
        try running.waitForReady()
        try running.handle(.tick(5))
        try running.waitForError("cannot check")
        try directory.write("file", "")
        try running.handle(.tick(5))
        try switchboard.waitForRequests(1)
        #expect(try switchboard.requests().count == 1)
    }

    @Test(arguments: [Tool.memmon, .httpok], [true, false])
    func `There is no heartbeat while supervisord does not respond`(
        tool: Tool, isRefused: Bool
    ) throws {
        let switchboard = try HTTPSite()
        let server = try XMLRPCServer(.tcp)
        try server.behave(
            isRefused
                ? XMLRPCServer.Behaviour(user: "lance", password: "other")
                : XMLRPCServer.Behaviour(status: 500))
        let own = tool == .memmon ? ["-a", "1GB"] : ["-E", "-a", "http://127.0.0.1:1/"]
        let running = try RunningTool(
            tool, ["--heartbeat", switchboard.url] + own, serverURL: server.url)
        try running.waitForReady()
        try running.handle(.tick(5))
        try running.waitForError("cannot get")
        try server.behave(XMLRPCServer.Behaviour())
        try running.handle(.tick(5))
        try switchboard.waitForRequests(1)
        #expect(try switchboard.requests().count == 1)
    }

    @Test(arguments: Tool.allCases)
    func `There is no heartbeat while calls are rejected, even if none is necessary`(
        tool: Tool
    ) throws {
        let switchboard = try HTTPSite()
        let site = try HTTPSite()
        let server = try XMLRPCServer(.tcp)
        try server.behave(XMLRPCServer.Behaviour(user: "lance", password: "other"))
        let own = tool == .httpok ? ["-p", "web", site.url] : tool.usualArguments
        let running = try RunningTool(
            tool, ["--heartbeat", switchboard.url] + own, serverURL: server.url)
        try running.waitForReady()
        try running.handle(.tick(5))
        // One line: memmon's own calls have said it.
        let line = tool == .memmon ? "cannot get the processes" : "cannot call supervisord"
        try eventually("a line about it") { running.wholeLog.contains(line) }
        #expect(tool != .memmon || !running.wholeLog.contains("cannot call supervisord"))
        #expect(try switchboard.requests().isEmpty)
        try server.behave(XMLRPCServer.Behaviour())
        // A call of an earlier tick may still be rejected, which costs the next one its heartbeat.
        try eventually("a heartbeat") {
            try running.handle(.tick(5))
            return try !switchboard.requests().isEmpty
        }
    }

    @Test func `A failing heartbeat is reported once, and its recovery too`() throws {
        let switchboard = try HTTPSite()
        try switchboard.behave(HTTPSite.Behaviour(status: 500))
        let server = try XMLRPCServer()
        let running = try RunningTool.ready(
            .crashmail, ["--heartbeat", "\(switchboard.url)geheim"],
            environment: ["SUPERVISOR_SERVER_URL": server.url])
        let complaint = "the heartbeat does not reach http://127.0.0.1:\(switchboard.port)"
        for count in 1...3 {
            try eventually("request \(count)") {
                try running.handle(.tick(5))
                return try switchboard.requests().count >= count
            }
            try running.waitForError(complaint)
        }
        try switchboard.behave(HTTPSite.Behaviour())
        // The previous call may still be in progress.
        try eventually("a heartbeat") {
            try running.handle(.tick(5))
            return running.standardError.contains(
                "reaches http://127.0.0.1:\(switchboard.port) again")
        }
        #expect(running.standardError.ranges(of: complaint).count == 1)
        #expect(!running.standardError.contains("geheim"))
    }

    // MARK: Metrics

    @Test(arguments: Tool.allCases)
    func `The metrics of each tool satisfy promtool`(tool: Tool) throws {
        let directory = try TemporaryDirectory()
        let server = try XMLRPCServer()
        let running = try RunningTool(
            tool, ["--metrics", directory.path] + tool.usualArguments, serverURL: server.url)
        try running.waitForReady()
        try running.handle(.tick(60))
        try running.handle(.tick(60))
        let line = #"{tool="\#(tool)",listener="\#(tool)",event="TICK_60"} 2"#
        try eventually("the metrics, which are \(directory.read("\(tool).prom"))") {
            directory.read("\(tool).prom").contains("superlance_events_total\(line)\n")
        }
        // A file that is being written has another name.
        #expect(directory.names().filter { $0.hasSuffix(".prom") } == ["\(tool).prom"])
        try ChildProcess.run([
            "/bin/sh", "-c",
            "\(try Alertmanager.program("promtool")) check metrics <\(directory.path("\(tool).prom"))",
        ])
    }

    @Test func `Deliveries and a site are measured`() throws {
        let directory = try TemporaryDirectory()
        let site = try HTTPSite()
        let hook = try HTTPSite()
        try site.behave(HTTPSite.Behaviour(status: 503))
        let file = directory.path("httpok.prom")
        let running = try RunningTool.ready(
            .httpok, ["--metrics", file, "--webhook", hook.url, site.url])
        try running.handle(.tick(60))
        let own = #"tool="httpok",listener="httpok""#
        let channel = "webhook http://127.0.0.1:\(hook.port)"
        for line in [
            "superlance_httpok_up{\(own)} 0", "superlance_httpok_status_code{\(own)} 503",
            #"superlance_alerts_total{\#(own),channel="\#(channel)",outcome="delivered"} 1"#,
            "superlance_outbox_alerts{\(own)} 0",
        ] {
            try eventually("\(line) in \(directory.read("httpok.prom"))") {
                directory.read("httpok.prom").contains("\(line)\n")
            }
        }
    }

    @Test func `Unwritable metrics are reported once, and affect nothing else`() throws {
        let running = try RunningTool.ready(.crashmail, ["--metrics", "/nonexistent/x.prom"])
        try running.handle(.tick(5))
        try running.waitForError(
            "crashmail: error: cannot write the metrics: cannot open /nonexistent: No such file or "
                + "directory; further failures are not logged")
        #expect(try running.finishSilently() == .exited(0))
        #expect(running.standardError.ranges(of: "the metrics: ").count == 1)
    }

    @Test(arguments: ["link", "FIFO"])
    func `A file or link planted at the path of the metrics is not opened`(
        kind: String
    ) throws {
        let directory = try TemporaryDirectory()
        try directory.write("victim", "untouched")
        let running = try RunningTool.ready(
            .crashmail, ["--metrics", directory.path("x.prom")])
        let planted = directory.path("x.prom.\(running.process.pid)")
        // The listener may still be writing its first metrics by that name.
        try eventually("a planted \(kind)") {
            (kind == "link" ? symlink(directory.path("victim"), planted) : mkfifo(planted, 0o666))
                == 0
        }
        try running.handle(.tick(5))
        try eventually("metrics") { directory.read("x.prom").contains("TICK_5") }
        try running.handle(.tick(5))
        #expect(directory.read("victim") == "untouched")
    }

    @Test(arguments: ["FIFO", "socket"])
    func `Only a regular file is replaced by metrics`(kind: String) throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("x.prom")
        // A device such as /dev/null would be replaced in the same way.
        let type = kind == "FIFO" ? S_IFIFO : S_IFSOCK
        try #require(mknod(path, type | 0o666, 0) == 0)
        let running = try RunningTool.ready(.crashmail, ["--metrics", path])
        try running.waitForError(
            "cannot write the metrics: cannot use \(path), which is not a regular file")
        #expect(try running.finishSilently() == .exited(0))
        var status = stat()
        #expect(lstat(path, &status) == 0 && status.st_mode & S_IFMT == type)
        #expect(directory.names() == ["x.prom"])
    }

    @Test func `Metrics are not written to a directory that others can write to`() throws {
        let directory = try TemporaryDirectory()
        #expect(chmod(directory.path, 0o777) == 0)
        let running = try RunningTool.ready(.crashmail, ["--metrics", directory.path])
        try running.handle(.tick(5))
        try running.waitForError(
            "cannot write the metrics: cannot use \(directory.path), which other users may write to; "
                + "run chmod go-w \(directory.path)")
        #expect(directory.names().isEmpty)
    }

    // MARK: By hand

    /// Errors that prevent a tool from starting.
    private static func needed(by tool: Tool) -> [String] {
        switch tool {
        case .httpok: ["http://127.0.0.1:1/"]
        case .memmon, .crashmail, .crashmailbatch, .fatalmailbatch, .crashsms: []
        default: tool.usualArguments
        }
    }

    @Test(arguments: Tool.allCases)
    func `A test alert is sent through every channel`(tool: Tool) throws {
        let hook = try HTTPSite()
        let mailbox = try Mailbox()
        let own = Self.needed(by: tool)
        let people = Tool.collecting.contains(tool) ? batch : ["-m", "ops@example.org"]
        let process = try RunningTool.byHand(
            tool,
            [
                "--test-alert", "--webhook", "\(hook.url)geheim", "--sendmail_program",
                mailbox.command,
            ] + people + own)
        let output = String(decoding: try process.readToEnd(), as: UTF8.self)
        #expect(try process.waitForExit() == .exited(0), "\(process.standardError)")
        #expect(output.contains(/sendmail to ops@example.org: accepted \(\d+\.\d\d s\)\n/))
        let answer = /: accepted: 200 OK: all is well \(\d+\.\d\d s\)\n/
        #expect(output.contains("webhook http://127.0.0.1:\(hook.port): "))
        #expect(output.contains(answer))
        #expect(try mailbox.mails()[0]["Subject"] == "\(tool): test alert")
        #expect(try hook.requests()[0].body.contains(#""kind":"test""#))
    }

    @Test func `A test alert reports everything that would fail later`() throws {
        let directory = try TemporaryDirectory()
        let missing = directory.path("missing")
        let run = { (arguments: [String]) in
            let process = try RunningTool.byHand(
                .httpok,
                ["--test-alert", "-m", "ops@example.org", "-s", "cat >/dev/null"] + arguments
                    + ["http://127.0.0.1:1/"])
            let output = String(decoding: try process.readToEnd(), as: UTF8.self)
            return (output, try process.waitForExit())
        }
        let faults = try run([
            "--spool", "\(missing)/deep", "--metrics", "\(missing)/x.prom", "-d", missing, "-g",
            "\(missing)/gcore -o", "--before", "\(missing)/before x", "--after", "nonexistent",
            "--silence", "\(missing)/silence", "--heartbeat", "http://127.0.0.1:1/secret",
        ])
        #expect(faults.1 == .exited(1))
        for line in [
            "--spool \(missing)/deep: cannot create \(missing)/deep: No such file",
            "--metrics \(missing)/x.prom: cannot write the metrics: cannot open \(missing): ",
            "--coredir \(missing): cannot write", "--gcore \(missing)/gcore: cannot be found",
            "--before \(missing)/before: cannot be found", "--after nonexistent: cannot be found",
            "--silence: there is no directory \(missing)\n",
            "--heartbeat http://127.0.0.1:1: ", "events: the section requires events=TICK",
        ] {
            #expect(faults.0.contains(line), "\(faults.0)")
        }
        #expect(!faults.0.contains("secret"))
        let site = try HTTPSite()
        let fine = try run([
            "--spool", missing, "--metrics", directory.path("x.prom"), "--before", "cat x",
            "--silence", directory.path("silence"), "--heartbeat", "\(site.url)secret",
        ])
        #expect(fine.1 == .exited(0), "\(fine.0)")
        #expect(try site.requests().allSatisfy { $0.path == "/" })
    }

    @Test(arguments: [
        (["--cert", "FOLDER"], "--cert: cannot read FOLDER: Is a directory\n"),
        (
            ["--cert", "FOLDER/cert", "--key", "FOLDER/key"],
            "--key: cannot read FOLDER/key: No such file or directory\n"
        ),
        (
            ["--user-file", "FOLDER/login"],
            "--user-file: cannot read FOLDER/login: No such file or directory\n"
        ),
        (
            ["--unix-socket", "FOLDER/cert/x"],
            "--unix-socket: cannot connect to FOLDER/cert/x: Not a directory\n"
        ),
        (["unix:FOLDER/cert/x"], "unix: cannot connect to FOLDER/cert/x: Not a directory\n"),
        (["--unix-socket", "FOLDER/down", "--cert", "FOLDER/cert"], ""),
    ])
    func `A test alert fails for files and sockets that a check cannot use`(
        _ arguments: [String], _ line: String
    ) throws {
        let folder = try TemporaryDirectory()
        _ = try folder.write("cert", "x")
        func filled(_ text: String) -> String { text.replacing("FOLDER", with: folder.path) }
        let process = try RunningTool.byHand(
            .httpok,
            ["--test-alert", "-m", "ops@example.org", "-s", "cat >/dev/null", "-a"]
                + arguments.map(filled) + ["http://127.0.0.1:1/"])
        #expect(try process.waitForExit() == .exited(line.isEmpty ? 0 : 1))
        #expect(process.standardError.contains(filled(line)) || line.isEmpty)
    }

    @Test(arguments: [
        ("--metrics /dev/full", "/dev/full: cannot write the metrics: cannot use /dev/full, "),
        ("--silence FOLDER", "--silence: the silence file FOLDER: it is a directory; name a file"),
        ("--spool /dev/null", "--spool /dev/null: cannot open /dev/null: Not a directory"),
        ("--cacert /nonexistent/a", "events: the section requires events=PROCESS_STATE_EXITED\n"),
        ("--heartbeat http://127.0.0.1:1/", "requires events=PROCESS_STATE_EXITED,TICK_60\n"),
    ])
    func `A test alert fails for what a listener refuses`(
        _ arguments: String, _ line: String
    ) throws {
        let folder = try TemporaryDirectory()
        func filled(_ text: String) -> String {
            text.replacing("FOLDER", with: folder.path)
        }
        let process = try RunningTool.byHand(
            .crashmail,
            ["--test-alert", "-m", "ops@example.org", "-s", "cat >/dev/null"]
                + filled(arguments).split(separator: " ").map(String.init))
        let output = String(decoding: try process.readToEnd(), as: UTF8.self)
        #expect(try process.waitForExit() == .exited(1), "\(output)")
        #expect(output.contains(filled(line)), "\(output)")
    }

    @Test func `A test alert fails for a variable that nothing expands`() throws {
        let process = try RunningTool.byHand(
            .crashmail, ["--test-alert", "-m", "$OPS_EMAIL", "-s", "cat >/dev/null"])
        #expect(try process.waitForExit() == .exited(1))
        #expect(
            process.standardError.contains(
                "crashmail: warning: -m: $OPS_EMAIL is not expanded, since supervisord runs no shell: "
                    + "write %(ENV_OPS_EMAIL)s\n"))
    }

    @Test func `A test alert that one of two channels rejects exits with 1`() throws {
        let hook = try HTTPSite()
        try hook.behave(HTTPSite.Behaviour(status: 403, reason: "Forbidden", body: "go away"))
        let server = try MailServer()
        let process = try RunningTool.byHand(
            .crashmail,
            [
                "--test-alert", "--webhook", "\(hook.url)geheim", "-m", "ops@example.org",
                "--smtpHost", server.address,
            ])
        let output = String(decoding: try process.readToEnd(), as: UTF8.self)
        #expect(try process.waitForExit() == .exited(1))
        #expect(
            output.contains(
                "failed: http://127.0.0.1:\(hook.port) returned 403 Forbidden: go away; "
                    + "check the address"))
        #expect(output.contains("SMTP to ops@example.org: accepted: 250 "))
        #expect(!output.contains("geheim"))
    }

    @Test(arguments: Tool.allCases)
    func `The effective settings are shown with their sources`(tool: Tool) throws {
        let own = Self.needed(by: tool)
        let process = try ChildProcess(
            [tool.path, "--show-config", "--slack", "https://hooks.example.org/geheim"] + own,
            environment: ChildProcess.environment(adding: [
                "SUPERLANCE_EMAIL": "ops@example.org", "SUPERLANCE_FROMEMAIL": "me@example.org",
                "SUPERLANCE_SMTPHOST": "mail.example.org",
            ]))
        let output = String(decoding: try process.readToEnd(), as: UTF8.self)
        #expect(try process.waitForExit() == .exited(0))
        #expect(output.contains("ops@example.org  (SUPERLANCE_EMAIL)\n"))
        #expect(output.contains("  --smtpHost mail.example.org  (SUPERLANCE_SMTPHOST)\n"))
        #expect(output.contains("  --slack https://hooks.example.org/<redacted>  (command line)\n"))
    }

    @Test(arguments: Tool.allCases)
    func `Every default that the help names is shown`(tool: Tool) throws {
        let run = { (arguments: [String]) in
            String(decoding: try ChildProcess.run([tool.path] + arguments), as: UTF8.self)
        }
        let people = Tool.collecting.contains(tool) ? batch : ["-m", "ops@example.org"]
        let shown = try run(
            ["--show-config", "--pagerduty", "key"] + (tool == .httpok ? ["-d", "/tmp"] : [])
                + people + Self.needed(by: tool))
        // Each option with its help on one line.
        let help = try run(["--help"]).replacing(/\n {30}/, with: " ")
        for line in help.split(separator: "\n") where line.contains("default") {
            guard let match = line.firstMatch(of: /--([A-Za-z_-]+)/) else { continue }
            let name = String(match.1)
            // None is a value: SUPERLANCE_SILENCE, SUPERVISOR_SERVER_URL, the system's
            // certificates, what the other service or command does.
            let isElsewhere = [
                "silence", "cacert", "slack-channel", "subject", "program", "smtpHost",
                "sendmail_program", "server-url",
            ].contains(name)
            guard !isElsewhere, name != "fromEmail" || !people.contains("-f") else { continue }
            let isLimit = name == "max-restarts"
            #expect(shown.contains(isLimit ? "no restart limit" : "  --\(name)"), "\(line)")
        }
        #expect(shown.contains("  no spool: alerts are kept in memory\n"))
    }

    @Test(arguments: [
        (Tool.memmon, ["-p", "web=much"], "-p requires name=size with a size"),
        (.httpok, ["-t", "0", "http://127.0.0.1:1/"], "-t requires a time"),
        (.crashmail, ["-p", ""], "-p requires the name of a process"),
        (.crashsms, ["-f", "me@example.org"], "-t (--toEmail) is missing"),
    ])
    func `Errors that prevent the start are shown with the effective settings`(
        tool: Tool, arguments: [String], complaint: String
    ) throws {
        let process = try ChildProcess([tool.path, "--show-config"] + arguments)
        let output = String(decoding: try process.readToEnd(), as: UTF8.self)
        #expect(try process.waitForExit() == .exited(EX_USAGE))
        #expect(output.hasPrefix("\(tool)\n  --"))
        #expect(process.standardError.hasPrefix("\(tool): error: \(complaint)"))
    }

    @Test func `Settings without effect are shown with the effective settings`() throws {
        let process = try ChildProcess([
            Tool.memmon.path, "--show-config", "-a", "1GB", "--slack-channel", "ops",
        ])
        #expect(String(decoding: try process.readToEnd(), as: UTF8.self).contains("  --any 1GB"))
        #expect(try process.waitForExit() == .exited(0))
        let warning = "memmon: warning: --slack-channel has no effect without --slack\n"
        #expect(process.standardError == warning)
    }
}

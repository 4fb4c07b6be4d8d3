import Foundation
import TestSupport
import Testing

/// Mails with diagnostics.
@Suite struct ExplainedTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private static let once = ["autorestart": "false", "startsecs": "0"]

    /// A program that does something after a second.
    private func program(_ name: String, _ lines: String, _ options: [String: String] = once) throws
        -> Supervisord.Section
    {
        let path = try folder.writeProgram(name, "#!/bin/bash\nsleep 1.1\n\(lines)\n")
        return .program(name, path, options)
    }

    private func crashmail(
        _ mailbox: Mailbox, _ more: String = "", _ options: [String: String] = [:]
    )
        -> Supervisord.Section
    {
        .listener(
            .crashmail, "-m ops@example.org -s \(mailbox.command) --flood-limit 0 \(more)",
            events: "PROCESS_STATE_EXITED", options)
    }

    /// The bodies of a number of mails, by process name.
    private func bodies(_ mailbox: Mailbox, _ count: Int) throws -> [String: String] {
        let pairs = try mailbox.waitForMails(count).compactMap { mail -> (String, String)? in
            guard let name = mail.body.firstMatch(of: /^Process (\S+) in/)?.output.1 else {
                return nil
            }
            return (String(name), mail.body)
        }
        return Dictionary(pairs) { $0 + $1 }
    }

    @Test(arguments: Supervisord.Version.allCases)
    func `A crash is diagnosed from supervisord and its logs`(
        _ version: Supervisord.Version
    ) throws {
        let mailbox = try Mailbox()
        let supervisord = try Supervisord(
            version,
            [
                crashmail(mailbox),
                try program(
                    "web", "echo one >&2; printf '\\e[31mred\\e[0m\\0nul\\r\\n' >&2; exit 3"),
                try program("fault", "kill -SEGV $$"),
                try program("killed", "kill -KILL $$"),
                try program(
                    "joined", "echo out; echo err >&2; exit 4",
                    Self.once.merging([
                        "redirect_stderr": "true", "stderr_logfile": "NONE",
                        "stdout_logfile": "%(here)s/joined.out",
                    ]) { $1 }),
                // By the time supervisord is asked, the next process is already running.
                try program(
                    "again", "mkdir '\(folder.path)/was' && exit 5; exec sleep 86400",
                    ["autorestart": "true", "startsecs": "0"]),
                try program("silent", "exit 6"),
            ])
        let bodies = try bodies(mailbox, 6)
        let web = try #require(bodies["web"])
        let block = try Regex(
            #"""
            (?s)Process web in group web exited unexpectedly \(pid \d+\) from state RUNNING
            now: stays down: supervisord does not restart it

            host: \S+
            supervisor: supervisor
            (occurred at: .{19}
            )?exit status: 3
            uptime: \d+ s
            deaths: 1 since [\d:]{8}, when this listener started
            log: supervisorctl tail web stderr

            last 2 lines of \S+/web\.err:
              one
              \\u\{1B\}\[31mred\\u\{1B\}\[0m\\0nul\n
            """#)
        #expect(web.wholeMatch(of: block) != nil, "\(web)")
        #expect(
            try #require(bodies["fault"]).contains(
                /\nsignal: terminated by SIGSEGV( \(core dumped\))?, according to supervisord's log\n/
            ))
        #expect(
            try #require(bodies["killed"]).contains(
                "\nsignal: terminated by SIGKILL, according to supervisord's log\n"))
        #expect(
            try #require(bodies["killed"]).contains(
                /\nOOM killer: (has killed nothing in supervisord's cgroup since|unknown: )/))
        #expect(!bodies.values.contains { $0.contains("exit status: -1") })
        #expect(
            try #require(bodies["joined"]).contains(
                /last 2 lines of \S+\/joined\.out:\n  out\n  err\n/))
        let again = try #require(bodies["again"])
        #expect(again.contains("\nexit status: 5\n"))
        #expect(again.contains(/\nnow: restarted, running \(pid \d+\)\n/))
        let silent = try #require(bodies["silent"])
        #expect(silent.contains("\nexit status: 6\n"))
        #expect(!silent.contains("last "))
        try supervisord.stop()
        #expect(mailbox.count == 6)
    }

    @Test(arguments: [(0, nil), (3, "last 3 lines of ")] as [(Int, String?)])
    func `The requested number of log lines is included`(_ count: Int, _ words: String?) throws {
        let mailbox = try Mailbox()
        let supervisord = try Supervisord(
            .current,
            [
                crashmail(mailbox, "--log-tail \(count)"),
                try program("web", "seq 1 50 >&2; exit 3"),
            ])
        let body = try mailbox.waitForMails(1)[0].body
        #expect(body.contains("exit status: 3"))
        if let words {
            #expect(body.contains(words))
            #expect(body.hasSuffix(":\n  48\n  49\n  50\n"))
        } else {
            #expect(!body.contains("last "))
        }
        try supervisord.stop()
    }

    /// A program that prints 25 lines at its start, and soon ends with its last words.
    private static let panic = """
        n=$(cat '%1$s' 2>/dev/null || echo 0); echo $((n + 1)) >'%1$s'
        for i in $(seq 25); do echo "start $n line $i" >&%2$s; done
        [ $n -lt 6 ] || exec sleep 86400
        sleep 1.2; echo "panic $n" >&%2$s; exit 3
        """

    @Test(arguments: Supervisord.Version.allCases, [1, 2])
    func `The last lines are those of the process that died`(
        _ version: Supervisord.Version, _ descriptor: Int
    ) throws {
        let mailbox = try Mailbox()
        let script = Self.panic.replacing("%1$s", with: folder.path("count"))
            .replacing("%2$s", with: "\(descriptor)")
        let path = try folder.writeProgram("loop", "#!/bin/bash\n\(script)\n")
        let supervisord = try Supervisord(
            version, [crashmail(mailbox), .program("loop", path, ["stdout_logfile": "AUTO"])])
        let mails = try mailbox.waitForMails(6)
        for (number, mail) in mails.enumerated() {
            let lines = mail.body.split(separator: "\n").filter { $0.hasPrefix("  ") }
            // A busy machine can hold up the listener until the next process writes.
            if mail.body.contains("(may include lines from the next process") {
                #expect(lines.contains("  panic \(number)"), "\(mail.body)")
            } else {
                #expect(lines.last == "  panic \(number)", "\(mail.body)")
                #expect(!lines.contains { $0.hasPrefix("  start \(number + 1)") }, "\(mail.body)")
                #expect(lines.count <= 20)
            }
            #expect(mail.body.contains(/\nnow: restarted, (running|starting) \(pid \d+\)\n/))
        }
        try supervisord.stop()
    }

    @Test(arguments: Supervisord.Version.allCases)
    func `The last lines of an earlier process are not those of the one that died`(
        _ version: Supervisord.Version
    ) throws {
        let mailbox = try Mailbox()
        let script = """
            n=$(cat '\(folder.path("runs"))' 2>/dev/null || echo 0)
            echo $((n + 1)) >'\(folder.path("runs"))'
            [ $n -lt 2 ] || exec sleep 86400
            sleep 1.2
            [ $n = 1 ] && kill -KILL $$
            echo "panic of the first" >&2; exit 4
            """
        let path = try folder.writeProgram("quiet", "#!/bin/bash\n\(script)\n")
        let supervisord = try Supervisord(version, [crashmail(mailbox), .program("quiet", path)])
        let mails = try mailbox.waitForMails(2)
        let first = try #require(mails.first { $0.body.contains("exit status: 4") }).body
        // The remark depends on how soon the listener could look at the log.
        #expect(
            first.contains(
                /last line of \S+\/quiet\.err( \(may include [^)]+\))?:\n  panic of the first\n/),
            "\(first)")
        let second = try #require(mails.first { $0.body.contains("SIGKILL") }).body
        // A busy machine can hold up the listener until the next process may have written.
        #expect(
            second.contains(
                /\S+\/quiet\.err is not shown: the process wrote nothing to it/)
                || second.contains("may include lines from earlier processes"), "\(second)")
        #expect(
            !second.contains("panic") || second.contains("lines from earlier processes"),
            "\(second)")
        try supervisord.stop()
    }

    @Test(arguments: [
        ("NONE", "NONE", "none: supervisord writes its output to no file"),
        ("syslog", "syslog", "none: supervisord writes its output to no file"),
        ("/dev/null", "NONE", "none: supervisord writes its output to /dev/null"),
        ("NONE", "AUTO", "supervisorctl tail web stderr"),
        ("AUTO", "NONE", "supervisorctl tail web"),
    ])
    func `The command that shows the log works, or there is none`(
        output: String, error: String, log: String
    ) throws {
        for count in [0, 5] {
            let mailbox = try Mailbox()
            let settings = [
                "stdout_logfile": output, "stderr_logfile": error, "stdout_logfile_maxbytes": "0",
            ]
            let supervisord = try Supervisord(
                .current,
                [
                    crashmail(mailbox, "--log-tail \(count)"),
                    try program("web", "exit 3", Self.once.merging(settings) { $1 }),
                ])
            let body = try mailbox.waitForMails(1)[0].body
            #expect(body.contains("\nlog: \(log)\n"), "\(body)")
            try supervisord.stop()
        }
    }

    @Test func `Where both streams have lines both are shown, stderr first`() throws {
        let mailbox = try Mailbox()
        let supervisord = try Supervisord(
            .current,
            [
                crashmail(mailbox),
                try program(
                    "both", "echo words; echo trouble >&2; exit 3",
                    Self.once.merging(["stdout_logfile": "%(here)s/both.out"]) { $1 }),
            ])
        let body = try mailbox.waitForMails(1)[0].body
        let error = #"last line of \S+/both\.err:\n  trouble\n\n"#
        let output = #"last line of \S+/both\.out:\n  words\n"#
        #expect(body.contains(try Regex(error + output)))
        try supervisord.stop()
    }

    @Test func `A file of both streams is shown once`() throws {
        let mailbox = try Mailbox()
        let supervisord = try Supervisord(
            .current,
            [
                crashmail(mailbox),
                try program(
                    "both", "echo words; echo trouble >&2; exit 3",
                    Self.once.merging([
                        "stdout_logfile": "%(here)s/both.log",
                        "stderr_logfile": "%(here)s/both.log",
                    ]) { $1 }),
            ])
        let body = try mailbox.waitForMails(1)[0].body
        #expect(body.components(separatedBy: "both.log").count == 2, "\(body)")
        try supervisord.stop()
    }

    /// supervisord renames a log as soon as it is too large.
    @Test func `Lines that were written before a rotation are shown`() throws {
        let mailbox = try Mailbox()
        let script = """
            sleep 2.2
            trace=$(for n in 1 2 3 4 5 6 7 8 9; do printf 'a line of a trace %50s\\n' $n; done)
            # In one piece: supervisord looks at the size of the log after each.
            printf '%s\\npanic\\n' "$trace" | dd bs=9999 iflag=fullblock status=none >&2
            sleep 0.1; exit 1
            """
        let path = try folder.writeProgram("rot", "#!/bin/bash\n\(script)\n")
        let settings = ["stderr_logfile_maxbytes": "600", "autorestart": "false"]
        func settled(_ backups: Int) -> [String: String] {
            settings.merging(["stderr_logfile_backups": "\(backups)"]) { $1 }
        }
        let supervisord = try Supervisord(
            .current,
            [
                crashmail(mailbox), .program("kept", path, settled(2)),
                .program("emptied", path, settled(0)),
            ])
        let mails = try mailbox.waitForMails(2)
        let kept = try #require(mails.first { $0.body.hasPrefix("Process kept ") }).body
        #expect(kept.contains(/last 10 lines of \S+\/kept\.err:\n  a line/), "\(kept)")
        #expect(kept.hasSuffix("\n  panic\n"), "\(kept)")
        let emptied = try #require(mails.first { $0.body.hasPrefix("Process emptied ") }).body
        #expect(emptied.hasSuffix("it was truncated or rotated before the process died\n"))
        try supervisord.stop()
    }

    @Test func `The log of several processes has a remark`() throws {
        let mailbox = try Mailbox()
        let shared = Self.once.merging(["stderr_logfile": "%(here)s/all.err"]) { $1 }
        let supervisord = try Supervisord(
            .current,
            [
                crashmail(mailbox), try program("web", "echo panic >&2; exit 3", shared),
                try program("job", "sleep 60", shared),
            ])
        let body = try mailbox.waitForMails(1)[0].body
        #expect(
            body.contains(
                /\/all\.err \(may include lines from other processes with the same log[;)]/),
            "\(body)")
        try supervisord.stop()
    }

    @Test func `The first crash of a program that was added later has a reason`() throws {
        let mailbox = try Mailbox()
        let server = try XMLRPCServer(.unix, [.init("old", pid: 5_000_000)])
        let running = try RunningTool(
            .crashmail,
            ["-m", "ops@example.org", "-s", mailbox.command, "--flood-limit", "0"],
            serverURL: server.url)
        try running.waitForReady()
        try server.waitForCall("getAllProcessInfo")
        try server.set([.init("old", pid: 5_000_000), .init("new", pid: 5_000_002)])
        let time = Date.now.formatted(.iso8601.year().month().day())
        try server.write([
            "supervisord": """
            \(time) 00:00:01,000 INFO spawned: 'new' with pid 77
            \(time) 00:00:14,000 WARN exited: new (exit status 7; not expected)
            \(time) 00:00:15,000 INFO spawned: 'new' with pid 5000002

            """
        ])
        // The list of the start has arrived.
        try eventually("the end of the workers") {
            ProcessTree.descendants(of: running.process.pid).isEmpty
        }
        try running.handle(.exited("new", pid: 77))
        let body = try mailbox.waitForMails(1)[0].body
        #expect(body.contains("\nexit status: 7\nuptime: 13 s\n"), "\(body)")
        #expect(try running.finish() == .exited(0))
    }

    @Test func `A crash costs supervisord no list of all processes`() throws {
        let mailbox = try Mailbox()
        let server = try XMLRPCServer(.unix, (0..<1_000).map { .init("p\($0)", pid: 0) })
        let running = try RunningTool(
            .crashmail,
            ["-m", "ops@example.org", "-s", mailbox.command, "--flood-limit", "0"],
            serverURL: server.url)
        try running.waitForReady()
        for pid in 1...10 { try running.handle(.exited("p\(pid)", pid: pid)) }
        let mails = try mailbox.waitForMails(10)
        #expect(mails.allSatisfy { $0.body.contains("\nsupervisor: supervisor\n") })
        let calls = try server.calls()
        #expect(calls.count { $0.hasPrefix("getProcessInfo") } == 10)
        // At the start, and for events that nobody heard.
        #expect(calls.count { $0.hasPrefix("getAllProcessInfo") } <= 2)
        #expect(try running.finish() == .exited(0))
    }

    @Test func `A log that the listener may not read is read by supervisord`() throws {
        guard geteuid() == 0 else { return }
        let mailbox = try Mailbox()
        let supervisord = try Supervisord(
            .current,
            [
                crashmail(mailbox, "", ["user": "nobody", "autostart": "false"]),
                try program(
                    "web", "printf 'secret \\e[31mred\\n网站\\n' >&2; exit 3",
                    Self.once.merging(["autostart": "false"]) { $1 }),
            ])
        // All other files are below root's own directories.
        try supervisord.directory.write("web.err", "")
        let mails = URL(fileURLWithPath: mailbox.command).deletingLastPathComponent().path
        for (path, mode) in [
            (mails, 0o777), (supervisord.directory.path, 0o711),
            (supervisord.directory.path("supervisor.sock"), 0o777),
            (supervisord.directory.path("web.err"), 0o600),
        ] { #expect(chmod(path, mode_t(mode)) == 0) }
        try supervisord.call("supervisor.startProcess", "crashmail")
        try supervisord.call("supervisor.startProcess", "web")
        let body = try mailbox.waitForMails(1)[0].body
        #expect(body.contains("exit status: 3"))
        #expect(body.contains(/last 2 lines of \S+\/web\.err:\n  secret .*red\n  网站\n/))
        #expect(!body.unicodeScalars.contains("\u{1B}"))
        try supervisord.stop()
    }

    /// supervisord's log names no groups, so the process of a line is ambiguous.
    @Test func `The log is not used for an ambiguous name`() throws {
        let mailbox = try Mailbox()
        func twin(_ name: String, _ status: Int) throws -> Supervisord.Section {
            try program(
                name, "mkdir '\(folder.path)/\(name).was' && exit \(status); exec sleep 86400",
                ["process_name": "twin", "autorestart": "true", "startsecs": "0"])
        }
        let supervisord = try Supervisord(
            .current, [crashmail(mailbox), try twin("one", 5), try twin("two", 6)])
        let mails = try mailbox.waitForMails(2)
        for mail in mails {
            let status = mail.body.contains("in group one") ? 5 : 6
            // The RPC's own data may be included if it arrived in time.
            let told = mail.body.firstMatch(of: /exit status: (\d+)/)?.output.1
            #expect(told == nil || told == "\(status)", "\(mail.body)")
            #expect(!mail.body.contains("according to supervisord's log"))
        }
        try supervisord.stop()
    }

    @Test(arguments: Supervisord.Version.allCases)
    func `A failed start includes the reason`(_ version: Supervisord.Version) throws {
        let server = try MailServer()
        let supervisord = try Supervisord(
            version,
            [
                .listener(
                    .fatalmailbatch,
                    "-t ops@example.org -f super@example.org -H \(server.address) -i 0 -e TICK_5",
                    events: "PROCESS_STATE_FATAL,TICK_5"),
                .program("missing", "/nonexistent/web", ["startretries": "0"]),
                .program("quick", "/bin/sh -c 'echo why >&2; exit 3'", ["startretries": "0"]),
            ])
        func bodies() throws -> String {
            try server.messages().map(\.mail.body).joined()
        }
        _ = try eventually("both to be told; \(supervisord.standardError(of: "fatalmailbatch"))") {
            let text = try bodies()
            return text.contains("missing:missing\n") && text.contains("quick:quick\n")
        }
        let text = try bodies()
        #expect(text.contains("spawn error: can't find command '/nonexistent/web'"))
        #expect(text.contains("spawn error: Exited too quickly (process log may have details)"))
        #expect(text.contains("exit status: 3\n"))
        #expect(text.contains("now: stays down: supervisord no longer starts it\n"))
        #expect(text.contains(/last line of \S+\/quick\.err:\n {6}why/))
        try supervisord.stop()
    }

    // MARK: Without supervisord's help

    enum Trouble: CaseIterable { case absent, hangs, unauthorized, garbage, status, empty }

    @Test(arguments: Trouble.allCases)
    func `A supervisord that hangs delays no acknowledgement and loses no alert`(_ trouble: Trouble)
        throws
    {
        let mailbox = try Mailbox()
        let server = try XMLRPCServer()
        switch trouble {
        case .absent: break
        case .hangs:
            try server.behave(
                .init(
                    methods: [
                        "getAllProcessInfo": .hang(), "getIdentification": .hang(),
                        "getProcessInfo": .hang(),
                    ]))
        case .unauthorized: try server.behave(.init(user: "lance", password: "secret"))
        case .garbage: try server.behave(.init(garbage: "\u{1B}<methodResponse><par"))
        case .status: try server.behave(.init(status: 500))
        case .empty: break
        }
        let running = try RunningTool(
            .crashmail,
            ["-m", "ops@example.org", "-s", mailbox.command, "--flood-limit", "0"],
            serverURL: trouble == .absent ? nowhere : server.url)
        try running.waitForReady()
        let start = ContinuousClock.now
        for pid in 1...20 { try running.handle(.exited("web", pid: pid)) }
        let answered = ContinuousClock.now - start
        if trouble == .hangs {
            // Twenty that waited would take a minute.
            #expect(answered < .seconds(20))
            #expect(mailbox.count == 0)
        }
        let mails = try mailbox.waitForMails(20)
        #expect(mails.allSatisfy { $0.body.contains("\nhost: ") })
        #expect(mails.allSatisfy { !$0.body.contains("exit status") })
        #expect(mails.contains { $0.body.contains("\ndeaths: 20 since ") })
        #expect(try running.finish() == .exited(0))
        #expect(mailbox.count == 20)
    }

    @Test func `A batch waits for open diagnoses, and no longer`() throws {
        let mail = try MailServer()
        let server = try XMLRPCServer()
        try server.behave(.init(methods: ["getProcessInfo": .hang()]))
        let running = try RunningTool(
            .crashmailbatch,
            ["-t", "ops@example.org", "-f", "super@example.org", "-H", mail.address, "-i", "0"],
            serverURL: server.url)
        try running.waitForReady()
        try running.handle([.exited("web", pid: 1), .exited("job", pid: 2), .tick(60)])
        let body = try mail.waitForMessages(1)[0].mail.body
        #expect(body.components(separatedBy: "died unexpectedly").count == 3)
        // If the second crash comes after the first one's diagnosis has begun, its own has no time.
        #expect(body.contains("    supervisor: supervisor\n"))
    }

    @Test func `A burst of crashes is reported completely`() throws {
        let mailbox = try Mailbox()
        let supervisord = try Supervisord(
            .current,
            [
                crashmail(mailbox),
                .program(
                    "web", "/bin/sh -c 'sleep 1; exit 3'",
                    Self.once.merging([
                        "numprocs": "30", "process_name": "web_%(process_num)02d",
                        "stderr_logfile": "AUTO",
                    ]) { $1 }),
            ])
        let names = Set((0..<30).map { "web_\($0 < 10 ? "0" : "")\($0)" })
        try eventually("thirty mails; \(supervisord.standardError(of: "crashmail"))") {
            let text = try mailbox.mails().map(\.body).joined()
            return names.allSatisfy { text.contains("Process \($0) in group web") }
        }
        try supervisord.stop()
    }

    @Test(arguments: [(60, true), (0, false)])
    func `An exit that supervisord has buffered for the listener has its own time`(
        age: Int, isLate: Bool
    ) throws {
        let mailbox = try Mailbox()
        let server = try XMLRPCServer()
        let time = Int(Date.now.timeIntervalSince1970) - age
        var entry = XMLRPCServer.Entry(
            "web", pid: 0, start: time - 6, state: 100, statename: "EXITED")
        (entry.stop, entry.exitstatus) = (time, 3)
        try server.set([entry])
        let peer = try HTTPSite()
        let running = try RunningTool(
            .crashmail,
            ["-m", "ops@example.org", "-s", mailbox.command, "--alertmanager", peer.url],
            serverURL: server.url)
        try running.waitForReady()
        try running.handle(.exited("web", pid: 1))
        let body = try mailbox.waitForMails(1)[0].body
        try peer.waitForRequests(1)
        let start = try #require(
            try peer.requests()[0].body.firstMatch(of: /"startsAt":"([^"]+)"/)?.1)
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        let startsAt = try style.parse(String(start)).timeIntervalSince1970
        #expect(isLate ? Int(startsAt) == time : Int(startsAt) >= time)
        let format = DateFormatter()
        format.dateFormat = "yyyy-MM-dd HH:mm:ss"
        let words = format.string(from: Date(timeIntervalSince1970: TimeInterval(time)))
        #expect(body.contains("\noccurred at: \(words)\n") == isLate, "\(body)")
        #expect(body.contains("\noccurred at: ") == isLate)
    }

    // MARK: The other tools

    @Test func `crashsms sends one short text, host first`() throws {
        let server = try MailServer()
        let running = try RunningTool.ready(
            .crashsms,
            ["-t", "ops@example.org", "-f", "super@example.org", "-H", server.address, "-i", "0"])
        for pid in 1...9 { try running.handle(.exited("web", pid: pid)) }
        try running.handle(.tick(60))
        try running.handle(.exited("网站", pid: 10))
        try running.handle(.tick(60))
        let messages = try server.waitForMessages(2)
        let texts = messages.map(\.mail.body).sorted { $0.count > $1.count }
        let first = try #require(texts.first?.dropLast())
        let host = String(decoding: try ChildProcess.run(["/bin/hostname"]), as: UTF8.self)
            .dropLast()
        #expect(first.hasPrefix("\(host): [web:web](1) exited unexpectedly 2"))
        #expect(first.contains(/\n\+\d more$/))
        #expect(first.utf8.count <= 160)
        let chinese = try #require(texts.last?.dropLast())
        #expect(chinese.hasPrefix("\(host.prefix(30)): [网站:网站](10)"))
        #expect(chinese.utf16.count <= 70)
        #expect(messages.allSatisfy { $0.mail["Subject"] == nil })
    }

    /// A process that holds 100 MB more after a line on its stdin.
    private static let greedy = """
        import sys
        sys.stdin.readline()
        held = bytearray(b"x") * (100 << 20)
        print("grown", flush=True)
        sys.stdin.readline()
        """

    @Test func `memmon shows how memory grew, and which process in the tree uses it`() throws {
        let big = try ChildProcess(
            ["/bin/sh", "-c", "/usr/bin/python3 -c '\(Self.greedy)'; exit 1"])
        let mailbox = try Mailbox()
        let server = try XMLRPCServer(.unix, [.init("web", group: "site", pid: Int(big.pid))])
        let running = try RunningTool(
            .memmon,
            ["-c", "-p", "site:web=64MB", "-m", "ops@example.org", "-s", mailbox.command],
            serverURL: server.url)
        try running.waitForReady()
        for count in 1...2 {
            // A tick during memmon's check is ignored.
            try eventually("\(count) looks") {
                try running.handle(.tick(60))
                return running.standardError.components(separatedBy: "RSS of site:web is").count
                    > count
            }
        }
        try big.write("\n".utf8)
        #expect(try big.readLine() == "grown")
        let mail = try eventually("a mail; \(running.standardError)") { () -> Mail? in
            try running.handle(.tick(60))
            return try mailbox.mails().first
        }
        #expect(mail.body.contains(/\nmemory over the last \d+ ticks, limit 64\.0 MB:\n/))
        #expect(mail.body.contains(/\n  [\d:]{8} +\d+\.\d MB #+\n/))
        #expect(mail.body.contains(/\n  [\d:]{8} +1\d\d\.\d MB #{40} over\n/))
        #expect(mail.body.contains("\nused by 2 processes:\n"))
        #expect(mail.body.contains(/\n +1\d\d\.\d MB python3[.\d]* \(pid \d+\)\n/))
        #expect(mail.body.contains(/\nhost: \S+\nsupervisor: supervisor\nuptime: \d/))
    }

    @Test func `httpok includes the host`() throws {
        let site = try HTTPSite()
        try site.behave(.init(status: 503, reason: "Out"))
        let mailbox = try Mailbox()
        let server = try XMLRPCServer(.unix, [.init("web", pid: 5_000_000)])
        let running = try RunningTool(
            .httpok, ["-p", "web", "-m", "ops@example.org", "-s", mailbox.command, site.url],
            serverURL: server.url)
        try running.waitForReady()
        try running.handle(.tick(60))
        let body = try mailbox.waitForMails(1)[0].body
        #expect(
            body.contains(
                /web restarted\n\nhost: \S+\nsupervisor: supervisor\nlog: none: .+ to no file\n\nexp/
            ))
    }

    @Test func `httpok includes the log of the process that it restarts, and of no other`() throws {
        let site = try HTTPSite()
        try site.behave(.init(status: 503, reason: "Out"))
        let mailbox = try Mailbox()
        let supervisord = try Supervisord(
            .current,
            [
                .listener(
                    .httpok, "-p web -m ops@example.org -s \(mailbox.command) \(site.url)",
                    events: "TICK_5"),
                .program("web", "/bin/sh -c 'echo why >&2; exec sleep 86400'"),
            ])
        let mails = try mailbox.waitForMails(2)
        let body = mails[0].body
        #expect(body.contains("web restarted"))
        #expect(body.contains(/last line of \S+\/web\.err:\n  why\n/))
        // One command, of the stream that is shown.
        #expect(body.components(separatedBy: "\nlog: ").count == 2)
        #expect(body.contains("\nlog: supervisorctl tail web stderr\n"))
        // The first process has written the same line.
        #expect(
            mails[1].body.contains(/\nlast line of \S+\/web\.err:\n  why\n/), "\(mails[1].body)")
        try supervisord.stop()
    }
}

// fatalexit under a real supervisord, with superlance init as the first process of a container.

import Foundation
import TestSupport
import Testing

@Suite struct FatalExitTests {
    /// A program, fatalexit's options and the expected result.
    struct Case: CustomTestStringConvertible {
        let testDescription: String
        let program: String
        let settings: [String: String]
        let arguments: String
        let status: Int32
        let log: String

        init(
            _ description: String, _ program: String, _ settings: [String: String] = [:],
            _ arguments: String = "", status: Int32, log: String
        ) {
            testDescription = description
            (self.program, self.settings) = (program, settings)
            (self.arguments, self.status, self.log) = (arguments, status, log)
        }
    }

    private static let cases = [
        Case(
            "FATAL", "sh -c 'exit 7'", ["startretries": "0"], status: 7,
            log: "Process web in group web failed to start too many times"),
        Case(
            "FATAL by a signal", "sh -c 'kill -SEGV $$'", ["startretries": "0"], status: 139,
            log: "Process web in group web failed to start too many times"),
        Case(
            "FATAL without a status", "/nonexistent/program", ["startretries": "0"], status: 1,
            log: "Process web in group web failed to start too many times"),
        Case(
            "FATAL with status 0", "true", ["startretries": "0"], status: 1,
            log: "Process web in group web failed to start too many times"),
        Case(
            "an exit that rests", "sh -c 'sleep 0.2; exit 9'",
            ["startsecs": "0", "autorestart": "false"], status: 9,
            log: "Process web in group web exited unexpectedly (pid "),
        Case(
            "a death by signal that rests", "sh -c 'sleep 0.2; kill -KILL $$'",
            ["startsecs": "0", "autorestart": "false"], status: 137,
            log: "Process web in group web exited unexpectedly (pid "),
        Case(
            "a crash loop", "sh -c 'sleep 0.1; exit 5'", ["startsecs": "0", "autorestart": "true"],
            "--on fatal --crash-loop 3/1m", status: 5,
            log: "Process web in group web exited unexpectedly 3 times within 60 s"),
        Case(
            "a crash loop that goes on during the delay", "sh -c 'sleep 1.1; exit 9'",
            ["startsecs": "0", "autorestart": "true"],
            "--on fatal --crash-loop 3/1m --delay 1s", status: 9, log: "waiting 1 s (--delay)"),
        Case(
            "a main program that cannot be started", "/nonexistent/program",
            ["startretries": "0"], "--main web", status: 1,
            log: "Process web in group web failed to start too many times"),
        Case(
            "a main program that ends with 0 before startsecs", "true", ["startretries": "0"],
            "--main web", status: 0,
            log: "Process web in group web failed to start too many times"),
        Case(
            "the expected end of the main program", "sh -c 'sleep 0.2'",
            ["startsecs": "0", "autorestart": "true"], "--main web", status: 0,
            log: "Process web in group web has ended"),
        Case(
            "the status of --status", "sh -c 'exit 7'", ["startretries": "0"], "--status 3",
            status: 3, log: "Process web in group web failed to start too many times"),
        Case(
            "a delay", "sh -c 'exit 7'", ["startretries": "0"], "--delay 1s", status: 7,
            log: "waiting 1 s (--delay)"),
    ]

    @Test(arguments: Supervisord.Version.allCases, cases)
    func `a container exits with the status of the program that cannot run`(
        _ version: Supervisord.Version, _ use: Case
    ) throws {
        let container = try Container(
            version,
            [
                .program("web", use.program, use.settings),
                .program("other", "sh -c 'setsid sleep 1000 & exec sleep 1000'"),
                .fatalexit(use.arguments),
            ])
        #expect(try container.end() == use.status, "\(container.log)")
        #expect(container.standardError.contains("fatalexit: "))
        #expect(container.standardError.contains(use.log))
        #expect(!container.standardError.contains("SIGTERM"))
    }

    @Test(arguments: Supervisord.Version.allCases)
    func `its mail is delivered before the container exits`(_ version: Supervisord.Version) throws {
        let server = try MailServer()
        let container = try Container(
            version,
            [
                .program("web", "sh -c 'exit 7'", ["startretries": "0"]),
                .fatalexit("-m ops@example.org --smtpHost \(server.address)"),
            ])
        #expect(try container.end() == 7)
        let mail = try #require(try server.messages().first?.mail)
        #expect(mail["Subject"]?.contains("web failed to start at ") == true)
        #expect(
            mail.body.hasPrefix(
                "Process web in group web failed to start too many times; stopping supervisord\n"
                    + "now: stays down: supervisord no longer starts it\n"))
    }

    @Test func `a mail server that hangs delays the exit only briefly`() throws {
        let server = try MailServer()
        try server.behave(MailServer.Behaviour(stall: .greeting))
        let container = try Container(
            .current,
            [
                .program("web", "sh -c 'exit 7'", ["startretries": "0"]),
                .fatalexit("-m ops@example.org --smtpHost \(server.address)"),
            ])
        #expect(try container.end() == 7)
        #expect(container.standardError.contains("dropping an alert"))
        // supervisord logs every three seconds for what it waits.
        #expect(container.log.components(separatedBy: "waiting for fatalexit to die").count < 3)
    }

    @Test(
        arguments: [
            (
                "logfile=/dev/stdout\nlogfile_maxbytes=0", Int32(1),
                "the exit status of web is unknown, exiting with 1: supervisord's log cannot be "
                    + "read; set logfile= in [supervisord] to a file\n"
            ),
            ("loglevel=warn", 7, nil),
            (
                "logfile=/dev/null\nlogfile_maxbytes=0", 1,
                "the exit status of web is unknown, exiting with 1: supervisord's log cannot be "
                    + "read; set logfile= in [supervisord] to a file\n"
            ),
            (
                "loglevel=error", 1,
                "the exit status of web is unknown, exiting with 1: supervisord's log does not "
                    + "contain it; set loglevel=info in [supervisord]\n"
            ),
        ] as [(String, Int32, String?)])
    func `it logs why the status of a FATAL program is unknown`(
        _ setting: String, _ status: Int32, _ line: String?
    ) throws {
        let container = try Container(
            .current,
            [
                .section("[supervisord]\n\(setting)"),
                .program("web", "sh -c 'exit 7'", ["startretries": "0"]), .fatalexit(""),
            ])
        #expect(try container.end() == status, "\(container.log)")
        guard let line else {
            return #expect(!container.standardError.contains("is unknown"))
        }
        #expect(container.standardError.contains(line), "\(container.standardError)")
    }

    /// Whether another configuration is in the directory of `directory=`, and further settings.
    @Test(
        .enabled(if: PIDNamespace.isAllowed, "\(PIDNamespace.refusal)"),
        arguments: [
            (false, ""), (true, ""),
            // A process that has changed its user hides its environment.
            (false, geteuid() == 0 ? "user=nobody\nenvironment=A=%(ENV_HIDDEN)s" : ""),
        ])
    func `it finds the configuration of a daemon that has changed its directory`(
        hasOther: Bool, settings: String
    ) throws {
        let folder = try TemporaryDirectory()
        let target = try TemporaryDirectory()
        let own = Supervisord.ownSections(folder.path)
        if hasOther { _ = try target.write("supervisord.conf", own) }
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o777], ofItemAtPath: folder.path)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: target.path)
        _ = try folder.write(
            "supervisord.conf",
            own
                + ([
                    .section("[supervisord]\ndirectory=\(target.path)\n\(settings)"),
                    .section("[eventlistener:dead]\ncommand=false\nevents=TICK_60\nstartretries=0"),
                    .fatalexit(""),
                ] as [Supervisord.Section]).map(\.text).joined(separator: "\n"))
        // The namespace ends with its first process, and the daemon with it.
        let daemon = try ChildProcess(
            PIDNamespace.command + [
                "/bin/sh", "-c", "cd \"$0\" && \"$1\" -c supervisord.conf && exec cat", folder.path,
                try Supervisord.program(.current),
            ], environment: ChildProcess.environment(adding: ["HIDDEN": "1"]))
        let log = { folder.read("supervisord.log") + folder.read("fatalexit.err") }
        try eventually("the end of the listener\n\(log())") {
            log().contains("gave up: dead entered FATAL state")
        }
        try eventually("the first line") { log().contains(" started: watching all processes") }
        daemon.closeInput()
        #expect(try daemon.waitForExit() == .exited(0))
        #expect(!log().contains("configuration"), "\(log())")
        #expect(!log().contains("stopping supervisord"), "\(log())")
    }

    @Test(arguments: Supervisord.Version.allCases)
    func `without RPC it sends SIGTERM`(_ version: Supervisord.Version) throws {
        let container = try Container(
            version, without: .rpcInterface,
            [
                .program("web", "sh -c 'exit 7'", ["startretries": "0"]), .fatalexit(""),
            ])
        #expect(try container.end() == 1)
        #expect(
            container.standardError.contains("cannot stop supervisord by RPC, sending SIGTERM"))
    }

    @Test(arguments: Supervisord.Version.allCases)
    func `it ignores listeners and programs that a person stops`(_ version: Supervisord.Version)
        throws
    {
        let supervisord = try Supervisord(
            version,
            [
                .program("web", "sleep 1000"),
                .section("[eventlistener:dead]\ncommand=false\nevents=TICK_60\nstartretries=0"),
                .listener(
                    .fatalexit, "", events: "PROCESS_STATE,SUPERVISOR_STATE_CHANGE,TICK_5"),
            ])
        try supervisord.wait(for: "dead") { $0.statename == "FATAL" }
        try supervisord.wait(for: "web") { $0.statename == "RUNNING" }
        try supervisord.call("supervisor.stopProcess", "web")
        try supervisord.call("supervisor.startProcess", "web")
        #expect(
            RunningTool.untimed(supervisord.standardError(of: "fatalexit"))
                == "fatalexit: warning: supervisord will always exit with status 0: "
                + "SUPERLANCE_STATUS_FILE is not set; run supervisord with 'superlance init'\n")
        try supervisord.stop()
    }

    @Test func `a program that recovers within the delay stops nothing`() throws {
        let supervisord = try Supervisord(
            .current,
            [
                .program(
                    "web", "sh -c 'test -e %(here)s/well && exec sleep 1000; exit 1'",
                    ["startretries": "0"]),
                .listener(
                    .fatalexit, "--delay 4s",
                    events: "PROCESS_STATE,SUPERVISOR_STATE_CHANGE,TICK_5"),
            ])
        try supervisord.wait(for: "web") { $0.statename == "FATAL" }
        try eventually("the delay") {
            supervisord.standardError(of: "fatalexit").contains("waiting 4 s")
        }
        _ = try supervisord.directory.write("well", "")
        try supervisord.call("supervisor.startProcess", "web")
        try eventually("the end of the delay") {
            supervisord.standardError(of: "fatalexit")
                .contains("not stopping supervisord: web is RUNNING")
        }
        try supervisord.stop()
    }

    @Test func `a second failure during the delay is not reported after the recovery`() throws {
        let mailbox = try Mailbox()
        let supervisord = try Supervisord(
            .current,
            [
                .program(
                    "web", "sh -c 'test -e %(here)s/well && exec sleep 1000; exit 1'",
                    ["startretries": "0"]),
                .listener(
                    .fatalexit, "--delay 6s -m ops@example.org -s \(mailbox.command)",
                    events: "PROCESS_STATE,SUPERVISOR_STATE_CHANGE,TICK_5"),
            ])
        let log = { supervisord.standardError(of: "fatalexit") }
        try eventually("the delay") { log().contains("waiting 6 s") }
        _ = try? supervisord.call("supervisor.startProcess", "web")
        try supervisord.wait(for: "web") { $0.statename == "FATAL" }
        _ = try supervisord.directory.write("well", "")
        try supervisord.call("supervisor.startProcess", "web")
        try eventually("the end of the delay") {
            log().contains("not stopping supervisord: web is RUNNING")
        }
        try supervisord.stop()
        #expect(log().components(separatedBy: " stopping supervisord: ").count == 3, "\(log())")
        // The second one says that supervisord keeps running.
        let mails = try mailbox.waitForMails(2)
        let first = try #require(mails.first { $0["In-Reply-To"] == nil })
        let reply = try #require(mails.first { $0["In-Reply-To"] != nil })
        #expect(reply["In-Reply-To"] == first["Message-ID"])
        #expect(
            first["Subject"]?.hasSuffix(", stopping supervisord in 6 s unless it recovers") == true)
        #expect(reply.body.contains("not stopping supervisord: web is RUNNING"))
    }

    @Test func `each program that fails has an alert and a delay of its own`() throws {
        let mailbox = try Mailbox()
        let supervisord = try Supervisord(
            .current,
            [
                .program(
                    "web", "sh -c 'test -e %(here)s/well && exec sleep 1000; exit 1'",
                    ["startretries": "0"]),
                .program(
                    "job", "sh -c 'exit 2'", ["startretries": "0", "autostart": "false"]),
                .listener(
                    .fatalexit, "--delay 5s -m ops@example.org -s \(mailbox.command)",
                    events: "PROCESS_STATE,SUPERVISOR_STATE_CHANGE,TICK_5"),
            ])
        let log = { supervisord.standardError(of: "fatalexit") }
        try eventually("the first delay") { log().contains("waiting 5 s") }
        _ = try supervisord.directory.write("well", "")
        try supervisord.call("supervisor.startProcess", "web")
        _ = try? supervisord.call("supervisor.startProcess", "job")
        // That of web is taken back, although job has failed meanwhile.
        let mails = try mailbox.waitForMails(3)
        let subjects = mails.compactMap { $0["Subject"] }
        #expect(subjects.contains { $0.hasPrefix("web failed to start at ") }, "\(subjects)")
        #expect(subjects.contains { $0.hasPrefix("job failed to start at ") }, "\(subjects)")
        let reply = try #require(mails.first { $0["In-Reply-To"] != nil })
        #expect(reply.body.contains("not stopping supervisord: web is RUNNING"))
        try eventually("the end of supervisord") { (try? supervisord.processes()) == nil }
        let lines = log().split(separator: "\n").map(String.init)
        let first = lines.firstIndex { $0.contains(" stopping supervisord: Process job ") }
        let end = lines.firstIndex { $0.contains("not stopping supervisord: web is RUNNING") }
        // It does not wait for web's delay.
        #expect(try #require(first) < #require(end), "\(log())")
    }

    @Test func `a crash loop that ends while another program's delay runs stops nothing`() throws {
        let supervisord = try Supervisord(
            .current,
            [
                .program(
                    "web", "sh -c 'test -e %(here)s/well && exec sleep 1000; exit 1'",
                    ["startretries": "0"]),
                .program(
                    "loop",
                    "sh -c 'cd %(here)s; echo >>n; test $(wc -l <n) -gt 3 && exec sleep 1000; "
                        + "exit 1'", ["startsecs": "0"]),
                .listener(
                    .fatalexit, "--delay 8s --crash-loop 3/6s",
                    events: "PROCESS_STATE,SUPERVISOR_STATE_CHANGE,TICK_5"),
            ])
        let log = { supervisord.standardError(of: "fatalexit") }
        try eventually("both") {
            log().contains(" stopping supervisord: Process loop ")
                && log().contains(" stopping supervisord: Process web ")
        }
        _ = try supervisord.directory.write("well", "")
        try supervisord.call("supervisor.startProcess", "web")
        try eventually("the end of both delays") {
            log().contains("not stopping supervisord: web is RUNNING")
                && log().contains("not stopping supervisord: loop is RUNNING")
        }
        #expect(log().components(separatedBy: " stopping supervisord: Process ").count == 3)
        try supervisord.stop()
    }

    @Test func `starts that fail within the delay do not prolong it`() throws {
        let supervisord = try Supervisord(
            .current,
            [
                .program("web", "sh -c 'exit 7'", ["startretries": "0", "startsecs": "20"]),
                .listener(
                    .fatalexit, "--delay 4s",
                    events: "PROCESS_STATE,SUPERVISOR_STATE_CHANGE,TICK_5"),
            ])
        let log = { supervisord.standardError(of: "fatalexit") }
        try eventually("the delay") { log().contains("waiting 4 s") }
        try eventually("the end of supervisord") {
            // It fails, or supervisord has ended.
            try? supervisord.call("supervisor.startProcess", "web")
            return (try? supervisord.processes()) == nil
        }
        #expect(log().components(separatedBy: "waiting 4 s").count == 2, "\(log())")
        #expect(!log().contains("not stopping supervisord"), "\(log())")
    }

    @Test func `a program that was started within the delay and has done its job stops nothing`()
        throws
    {
        let supervisord = try Supervisord(
            .current,
            [
                .program(
                    "web", "sh -c 'test -e %(here)s/well || exit 1; sleep 2'",
                    ["startretries": "0", "autorestart": "false"]),
                .listener(
                    .fatalexit, "--delay 5s",
                    events: "PROCESS_STATE,SUPERVISOR_STATE_CHANGE,TICK_5"),
            ])
        let log = { supervisord.standardError(of: "fatalexit") }
        try eventually("the delay") { log().contains("waiting 5 s") }
        _ = try supervisord.directory.write("well", "")
        try supervisord.call("supervisor.startProcess", "web")
        try eventually("the end of the delay") {
            log().contains("not stopping supervisord: web was started again")
        }
        try supervisord.stop()
    }

    @Test(
        arguments: [
            (.crashmail, "-m ops@example.org", "PROCESS_STATE_EXITED", "sleep 2; exit 9"),
            (
                .fatalmailbatch, "-t ops@example.org -f super@example.org",
                "PROCESS_STATE_FATAL,TICK_60", "exit 9"
            ),
        ] as [(Tool, String, String, String)])
    func `the failure that stops supervisord is reported by the other listeners`(
        _ tool: Tool, _ options: String, _ events: String, _ script: String
    ) throws {
        let server = try MailServer()
        let container = try Container(
            .current,
            [
                .program(
                    "web", "sh -c '\(script)'", ["startretries": "0", "autorestart": "false"]),
                .listener(
                    tool, "\(options) --smtpHost \(server.address)", events: events),
                .fatalexit(""),
            ])
        #expect(try container.end() == 9, "\(container.log)")
        #expect(try server.messages().count == 1, "\(container.standardError)")
        #expect(!container.standardError.contains("alert suppressed"))
    }

    @Test(.enabled(if: geteuid() == 0, "only root may switch to another user"))
    func `a supervisord that changes its user ends with the program's status`() throws {
        let container = try Container(
            .current, mode: 0o777,
            [
                .section("[supervisord]\nuser=nobody"),
                .program("web", "sh -c 'sleep 0.5; exit 7'", ["startretries": "0"]), .fatalexit(""),
            ])
        #expect(try container.end() == 7, "\(container.log)")
        #expect(!container.standardError.contains("cannot write"), "\(container.standardError)")
    }

    @Test(.enabled(if: PIDNamespace.isAllowed && geteuid() == 0, "\(PIDNamespace.refusal)"))
    func `a full disk does not hide the program's status`() throws {
        let disk = try TemporaryDirectory()
        let container = try Container(
            .current, on: disk.path,
            [.program("web", "sh -c 'exit 5'", ["startretries": "0"]), .fatalexit("")])
        #expect(try container.end() == 5, "\(container.log)")
        #expect(!container.standardError.contains("cannot write"), "\(container.standardError)")
    }

    @Test(
        arguments: [nil, .httpServer] as [Supervisord.Lack?],
        ["sh -c 'true; COMMAND; true'", "timeout 1d COMMAND"])
    func `a shell that waits for it is not supervisord`(
        _ lack: Supervisord.Lack?, _ wrapper: String
    ) throws {
        let container = try Container(
            .current, without: lack,
            [
                .program("web", "sh -c 'sleep 3; exit 7'", ["autorestart": "false"]),
                .section("[eventlistener:dead]\ncommand=false\nevents=TICK_60\nstartretries=0"),
                .section(
                    Supervisord.Section.fatalexit("").text.replacing(
                        Tool.fatalexit.path,
                        with: wrapper.replacing("COMMAND", with: Tool.fatalexit.path))),
            ])
        #expect(try container.end() == (lack == nil ? 7 : 1), "\(container.log)")
        #expect(container.log.contains("gave up: dead"))
        #expect(!container.standardError.contains("configuration"), "\(container.standardError)")
        #expect(!container.standardError.contains("Process dead"), "\(container.standardError)")
    }

    @Test(arguments: ["exit 9", "kill -KILL $$"])
    func `an unexpected exit is found again after a restart of fatalexit`(_ exit: String) throws {
        let settings = ["autorestart": "false", "exitcodes": "0,2"]
        let supervisord = try Supervisord(
            .current,
            [
                .program("job", "sh -c 'sleep 1.5; exit 2'", settings),
                .program("web", "sh -c 'sleep 1.5; \(exit)'", settings),
                .listener(
                    .fatalexit, "--delay 1h",
                    events: "PROCESS_STATE,SUPERVISOR_STATE_CHANGE,TICK_5"),
            ])
        let log = { supervisord.standardError(of: "fatalexit") }
        try supervisord.wait(for: "job") { $0.statename == "EXITED" }
        for run in 1...2 {
            try eventually("delay \(run)\n\(log())") {
                log().components(separatedBy: "waiting 3600 s").count == run + 1
            }
            try supervisord.call("supervisor.signalProcess", "fatalexit", "KILL")
        }
        #expect(log().contains(" stopping supervisord: Process web in group web has ended\n"))
        #expect(!log().contains("Process job"), "\(log())")
        try supervisord.stop()
    }

    @Test func `a program that has failed again and is removed during the delay has one alert`()
        throws
    {
        let supervisord = try Supervisord(
            .current,
            [
                .program("web", "sh -c 'exit 7'", ["startretries": "0"]),
                .listener(
                    .fatalexit, "--delay 4s",
                    events: "PROCESS_STATE,SUPERVISOR_STATE_CHANGE,TICK_5"),
            ])
        let log = { supervisord.standardError(of: "fatalexit") }
        try eventually("the delay\n\(log())") { log().contains("waiting 4 s") }
        _ = try? supervisord.call("supervisor.startProcess", "web")
        try supervisord.wait(for: "web") { $0.statename == "FATAL" }
        try supervisord.call("supervisor.removeProcessGroup", "web")
        try eventually("the end of the delay\n\(log())") {
            log().contains("not stopping supervisord: web was removed\n")
        }
        #expect(log().components(separatedBy: " stopping supervisord: Process").count == 2)
        try supervisord.stop()
    }

    @Test func `a listener that a reload adds is no program`() throws {
        let supervisord = try Supervisord(
            .current,
            [
                .program("web", "sleep 1000"),
                .listener(
                    .fatalexit, "", events: "PROCESS_STATE,SUPERVISOR_STATE_CHANGE,TICK_5"),
            ])
        try supervisord.wait(for: "fatalexit") { $0.statename == "RUNNING" }
        let path = supervisord.directory.path("supervisord.conf")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let new =
            text + "\n[eventlistener:new]\ncommand=/bin/false\nevents=TICK_60\nstartretries=0\n"
        try new.write(toFile: path, atomically: true, encoding: .utf8)
        // It returns a list.
        _ = try? supervisord.call("supervisor.reloadConfig")
        try supervisord.call("supervisor.addProcessGroup", "new")
        try supervisord.wait(for: "new") { $0.statename == "FATAL" }
        try (new + "[program:other]\ncommand=/bin/false\nstartretries=0\n").write(
            toFile: path, atomically: true, encoding: .utf8)
        _ = try? supervisord.call("supervisor.reloadConfig")
        let log = { supervisord.standardError(of: "fatalexit") }
        #expect(!log().contains(" stopping supervisord: "), "\(log())")
        // A program that it adds is one.
        try supervisord.call("supervisor.addProcessGroup", "other")
        try eventually("the end of supervisord") { (try? supervisord.processes()) == nil }
        #expect(log().contains(" stopping supervisord: Process other in group other "), "\(log())")
        #expect(!log().contains("group new"), "\(log())")
    }

    @Test func `a program that runs and fails again during the delay has another alert at once`()
        throws
    {
        let mailbox = try Mailbox()
        let supervisord = try Supervisord(
            .current,
            [
                .program(
                    "web", "sh -c 'test -e %(here)s/well && sleep 1.3; exit 9'",
                    ["startretries": "0", "autorestart": "false"]),
                .listener(
                    .fatalexit, "--delay 20s -m ops@example.org -s \(mailbox.command)",
                    events: "PROCESS_STATE,SUPERVISOR_STATE_CHANGE,TICK_5"),
            ])
        let log = { supervisord.standardError(of: "fatalexit") }
        try eventually("the delay\n\(log())") { log().contains("waiting 20 s") }
        let begin = ContinuousClock.now
        _ = try supervisord.directory.write("well", "")
        try supervisord.call("supervisor.startProcess", "web")
        let mails = try mailbox.waitForMails(3)
        // The first delay has not ended.
        #expect(ContinuousClock.now - begin < .seconds(19))
        #expect(mails.contains { $0.body.contains("web was started again") })
        #expect(mails.contains { $0["Subject"]?.hasPrefix("web crashed at ") == true })
        try supervisord.stop()
    }

    @Test func `a program that is started while the mail is sent stops nothing`() throws {
        let supervisord = try Supervisord(
            .current,
            [
                .program(
                    "web", "sh -c 'test -e %(here)s/well && exec sleep 1000; exit 7'",
                    ["startretries": "0"]),
                .listener(
                    .fatalexit, "-m ops@example.org -s 'sleep 4'",
                    events: "PROCESS_STATE,SUPERVISOR_STATE_CHANGE,TICK_5"),
            ])
        let log = { supervisord.standardError(of: "fatalexit") }
        try eventually("the failure\n\(log())") { log().contains(" stopping supervisord: ") }
        _ = try supervisord.directory.write("well", "")
        try supervisord.call("supervisor.startProcess", "web")
        try eventually("the end of the delivery\n\(log())") {
            log().contains("not stopping supervisord: web is RUNNING")
        }
        try supervisord.stop()
    }

    @Test func `a program that is removed during the delay stops nothing`() throws {
        let supervisord = try Supervisord(
            .current,
            [
                .program("web", "sh -c 'sleep 1.5; exit 7'", ["autorestart": "false"]),
                .listener(
                    .fatalexit, "--delay 2s",
                    events: "PROCESS_STATE,SUPERVISOR_STATE_CHANGE,TICK_5"),
            ])
        let log = { supervisord.standardError(of: "fatalexit") }
        try eventually("the delay\n\(log())") { log().contains("waiting 2 s") }
        try supervisord.call("supervisor.removeProcessGroup", "web")
        try eventually("the end of the delay\n\(log())") {
            log().contains("not stopping supervisord: web was removed\n")
        }
        #expect(try supervisord.process("fatalexit").statename == "RUNNING")
        try supervisord.stop()
    }

    @Test func `an inner supervisord does not determine the status of the container`() throws {
        let container = try Container(
            .current,
            [
                .section("[supervisord]\nenvironment=SUPERLANCE_STATUS_FILE=\"\""),
                .program("web", "sh -c 'exit 7'", ["startretries": "0"]), .fatalexit(""),
            ])
        #expect(try container.end() == 0, "\(container.log)")
        #expect(container.standardError.contains("SUPERLANCE_STATUS_FILE is not set"))
        #expect(!container.standardError.contains("cannot write"))
    }

    @Test func `a second failure while the first one is reported stops supervisord`() throws {
        let supervisord = try Supervisord(
            .current,
            [
                .program("web", "sh -c 'sleep 1.2; exit 9'", ["autorestart": "false"]),
                .listener(
                    .fatalexit, "-m ops@example.org -s 'sleep 4'",
                    events: "PROCESS_STATE,SUPERVISOR_STATE_CHANGE,TICK_5"),
            ])
        let log = { supervisord.standardError(of: "fatalexit") }
        try eventually("the first failure") { log().contains(" stopping supervisord: ") }
        try supervisord.call("supervisor.startProcess", "web")
        try eventually("the second failure\n\(log())") {
            log().components(separatedBy: " stopping supervisord: Process web ").count == 3
        }
        #expect(log().contains("not stopping supervisord: "))
        try eventually("the end") { (try? supervisord.processes()) == nil }
    }

    @Test func `a configuration without its own section is not that of supervisord`() throws {
        let supervisord = try Supervisord(
            .current,
            [
                .listener(
                    .fatalexit, "", events: "PROCESS_STATE,SUPERVISOR_STATE_CHANGE,TICK_5")
            ])
        let log = { supervisord.standardError(of: "fatalexit") }
        try eventually("the first line") { log().contains(" started: ") }
        #expect(!log().contains("treating listeners as programs"))
        try supervisord.directory.write(
            "supervisord.conf", Supervisord.ownSections(supervisord.directory.path))
        try supervisord.call("supervisor.stopProcess", "fatalexit")
        try supervisord.call("supervisor.startProcess", "fatalexit")
        try eventually("the warning\n\(log())") {
            log().contains("treating listeners as programs")
        }
        #expect(try supervisord.process("fatalexit").statename == "RUNNING")
        try supervisord.stop()
    }

    @Test func `it names what it monitors`() throws {
        let supervisord = try Supervisord(
            .current,
            [
                .listener(
                    .fatalexit, "--main web",
                    events: "PROCESS_STATE,SUPERVISOR_STATE_CHANGE,TICK_5")
            ])
        try eventually("the first line") {
            supervisord.standardError(of: "fatalexit")
                .contains(" started: watching all processes, --main web")
        }
        try supervisord.stop()
    }

    @Test func `it reports missing events`() throws {
        let supervisord = try Supervisord(
            .current, [.listener(.fatalexit, "", events: "PROCESS_STATE_FATAL")])
        try eventually("a line for each") {
            let log = supervisord.standardError(of: "fatalexit")
            return ["PROCESS_STATE", "SUPERVISOR_STATE_CHANGE", "TICK_5"].allSatisfy {
                log.contains(
                    "fatalexit: warning: add \($0) to events= of this listener's section\n")
            }
        }
        try supervisord.stop()
    }
}

extension Supervisord.Section {
    /// fatalexit with the events that it requires.
    fileprivate static func fatalexit(_ arguments: String) -> Self {
        .listener(
            .fatalexit, arguments, events: "PROCESS_STATE,SUPERVISOR_STATE_CHANGE,TICK_5",
            ["startsecs": "1"])
    }

    /// A section with the given text.
    fileprivate static func section(_ text: String) -> Self { Self(text) }
}

/// A supervisord below superlance init, which is the first process of a namespace if the kernel
/// permits one.
private final class Container {
    private let directory: TemporaryDirectory
    private let process: ChildProcess

    init(
        _ version: Supervisord.Version, without lack: Supervisord.Lack? = nil, mode: Int = 0o700,
        on disk: String? = nil, _ sections: [Supervisord.Section]
    ) throws {
        directory = try TemporaryDirectory()
        try FileManager.default.setAttributes(
            [.posixPermissions: mode], ofItemAtPath: directory.path)
        let configuration = try directory.write(
            "supervisord.conf",
            Supervisord.ownSections(directory.path, without: lack)
                + sections.map(\.text).joined(separator: "\n"))
        let supervisord = [try Supervisord.program(version), "-n", "-c", configuration]
        let command =
            disk.map {
                ["/bin/sh", "-c", Self.onFullDisk, $0, Tool.superlance] + supervisord
            } ?? [Tool.superlance, "init", "--"] + supervisord
        process = try ChildProcess((PIDNamespace.isAllowed ? PIDNamespace.command : []) + command)
    }

    /// Fills the file system of the status file before supervisord starts.
    private static let onFullDisk = """
        mount -t tmpfs -o size=64k tmpfs "$0" && tool=$1 && shift
        TMPDIR=$0 exec "$tool" init -- sh -c 'cat /dev/zero >"$TMPDIR/fill"; exec "$@"' sh "$@"
        """

    var log: String { directory.read("supervisord.log") + standardError }

    var standardError: String { directory.read("fatalexit.err") }

    /// Its exit status; all its processes have ended by then.
    func end() throws -> Int32? {
        let below = { ProcessTree.descendants(of: self.process.pid) }
        var seen: Set<Int32> = []
        let ending = try eventually("the end of the container\n\(log)") {
            seen.formUnion(below())
            return process.hasExited ? try process.waitForExit() : nil
        }
        if PIDNamespace.isAllowed { #expect(seen.allSatisfy { !ProcessTree.isAlive($0) }) }
        guard case .exited(let status) = ending else { return nil }
        return status
    }
}

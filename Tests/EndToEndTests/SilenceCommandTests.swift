// superlance silence and superlance status.

import Foundation
import TestSupport
import Testing

@Suite struct SilenceCommandTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
    }

    private func run(_ words: String...) throws -> (output: String, error: String, status: Ending) {
        let child = try ChildProcess(
            [Tool.superlance] + words,
            environment: ChildProcess.environment(adding: [
                "SUPERLANCE_SILENCE": folder.path("silence")
            ]))
        child.closeInput()
        let output = String(decoding: try child.readToEnd(), as: UTF8.self)
        return (output, child.standardError, try child.waitForExit())
    }

    @Test func `it writes a line with pattern, end and user, and removes it`() throws {
        #expect(try run("silence", "web:*", "30m").status == .exited(0))
        #expect(try run("silence", "db", "1h").output.hasPrefix("db is silenced until "))
        #expect(try run("silence", "web:*", "2h").status == .exited(0))
        let lines = folder.read("silence").split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[1].contains(/^web:\* until \d{4}-\d\d-\d\dT\S+ by \S+$/))
        #expect(try run("silence", "--end", "db").output == "db is no longer silenced\n")
        #expect(try run("silence", "--end", "db").status == .exited(1))
        #expect(try run("silence", "--end").status == .exited(0))
        // An empty file would silence everything.
        #expect(!FileManager.default.fileExists(atPath: folder.path("silence")))
    }

    @Test func `silences that begin at the same time are all kept`() throws {
        let children = try (1...20).map { number in
            try ChildProcess([
                Tool.superlance, "silence", "--silence", folder.path("silence"), "p\(number)", "1h",
            ])
        }
        for child in children { #expect(try child.waitForExit() == .exited(0)) }
        #expect(folder.read("silence").split(separator: "\n").count == 20)
    }

    @Test func `a new silence does not end that of an empty file`() throws {
        _ = try folder.write("silence", "")
        #expect(try run("silence", "web", "5m").status == .exited(0))
        #expect(folder.read("silence").contains(/(?m)^\* until \S+$/))
        #expect(folder.read("silence").contains(/(?m)^web until \S+ by \S+$/))
    }

    @Test func `a silence without an end does not begin anew, and comments are kept`() throws {
        let path = try folder.write("silence", "# deployment\nold\n\n\(Self.lasting)\n")
        let change = Date(timeIntervalSinceNow: -3_000)
        try FileManager.default.setAttributes([.modificationDate: change], ofItemAtPath: path)
        #expect(try run("silence", "web", "5m").status == .exited(0))
        let lines = folder.read("silence").split(separator: "\n")
        #expect(lines.first == "# deployment")
        #expect(lines.dropFirst().first?.hasPrefix("old until ") == true)
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -4_000)],
            ofItemAtPath: try folder.write("silence", "old\n\(Self.lasting)\n"))
        #expect(try run("silence", "web", "5m").status == .exited(0))
        #expect(!folder.read("silence").contains("old"))
    }

    private static let lasting = "db until 2099-01-01T00:00:00Z by ops"

    @Test(
        arguments: [
            "alice\nbob:x\nkey=1\n", "alice\n", "# users\nalice\n",
            "root:x:0:0:root:/root:/bin/sh\n", "A key of\n", "\(lasting)\nkey 1\n",
            "\(lasting)\nweb until noon\n",
        ], [["web", "1m"], ["--end"], ["--end", "alice"], ["--end", "db"]])
    func `a file that holds something else is not changed`(
        _ content: String, words: [String]
    ) throws {
        let path = try folder.write("silence", content, mode: 0o600)
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -7_200)], ofItemAtPath: path)
        let child = try ChildProcess([Tool.superlance, "silence", "--silence", path] + words)
        #expect(try child.waitForExit() == .exited(73))
        #expect(child.standardError.hasPrefix("superlance silence: error: cannot change \(path): "))
        #expect(child.standardError.split(separator: "\n").count == 1)
        #expect(!child.standardError.contains("Invalid argument"))
        #expect(folder.read("silence") == content)
    }

    @Test func `bytes that are not UTF-8 are not changed`() throws {
        let content = Data("# gr".utf8) + [0xFC] + Data("n\n\(Self.lasting)\n".utf8)
        try content.write(to: URL(fileURLWithPath: folder.path("silence")))
        #expect(try run("silence", "web", "1m").status == .exited(73))
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path("silence"))) == content)
    }

    @Test func `the mode, comments and empty lines are kept`() throws {
        let comments = "# Who may silence: ops\n\n"
        let path = try folder.write("silence", comments, mode: 0o640)
        #expect(try run("silence", "web", "1m").status == .exited(0))
        #expect(folder.read("silence").hasPrefix("\(comments)web until "))
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect((attributes[.posixPermissions] as? Int) == 0o640)
        #expect(try run("silence", "--end").status == .exited(0))
        #expect(folder.read("silence") == comments)
        #expect(try run("silence", "--end").status == .exited(1))
    }

    @Test func `a silence file that is something else is not replaced`() throws {
        try FileManager.default.createDirectory(
            atPath: folder.path("silence"), withIntermediateDirectories: false)
        let result = try run("silence", "web", "5m")
        #expect(result.status == .exited(73))
        #expect(result.error.contains("it is a directory; name a file in it"))
    }

    @Test func `a silence file that a power failure has filled with NUL bytes is refused`() throws {
        try folder.write("silence", String(repeating: "\0", count: 3_000))
        let result = try run("silence", "web", "5m")
        #expect(result.status != .exited(0))
        #expect(result.error.contains("it contains NUL bytes; delete it"))
    }

    @Test func `a pattern that matches no process is reported`() throws {
        let path = try folder.write(
            "supervisord.conf",
            """
            [supervisord]
            [program:web]
            command=sleep 1000
            numprocs=2
            process_name=%(program_name)s_%(process_num)02d
            [program:web-admin]
            command=sleep 1000
            [program:web-shop]
            command=sleep 1000
            """)
        for (pattern, advice) in [
            ("web", "write web:*"), ("web-", "write web-*"), ("web-a", "write web-admin"),
        ] {
            #expect(
                try run("silence", "-c", path, pattern, "5m").error
                    == "superlance silence: warning: \(pattern) matches no process: \(advice)\n")
        }
        #expect(try run("silence", "-c", path, "web:*", "5m").error.isEmpty)
    }

    /// A configuration with listeners that have files of their own.
    private func configuration(_ key: String, _ variable: String) throws -> String {
        try folder.write(
            "own.conf",
            """
            [supervisord]
            [eventlistener:a]
            command=\(Tool.memmon.path) -a 1GB --\(key) \(folder.path("a"))
            events=TICK_60
            [eventlistener:b]
            command=\(Tool.crashmail.path) -m ops@example.org
            environment=\(variable)="\(folder.path("b"))"
            events=PROCESS_STATE_EXITED
            [eventlistener:c]
            command=\(Tool.crashmail.path) -m ops@example.org
            events=PROCESS_STATE_EXITED
            """)
    }

    private func runWithoutVariables(
        _ words: [String]
    ) throws -> (output: String, error: String, status: Ending) {
        let child = try ChildProcess([Tool.superlance] + words)
        let output = String(decoding: try child.readToEnd(), as: UTF8.self)
        let status = try child.waitForExit()
        return (output, child.standardError, status)
    }

    @Test func `the files of all listeners are written`() throws {
        let path = try configuration("silence", "SUPERLANCE_SILENCE")
        let begin = try runWithoutVariables(["silence", "memmon", "1m", "-c", path])
        #expect(begin.status == .exited(0), "\(begin)")
        for file in ["a", "b"] { #expect(folder.read(file).hasPrefix("memmon until "), "\(begin)") }
        #expect(begin.error.contains("[eventlistener:c] reads no silence file: set SUPERLANCE_SIL"))
        #expect(!begin.error.contains("[eventlistener:a]"))
        // A file that cannot be changed does not prevent the others.
        try folder.write("a", "alice\n")
        let other = try runWithoutVariables(["silence", "web", "1m", "-c", path])
        #expect(other.status == .exited(73))
        #expect(other.error.contains("cannot change \(folder.path("a")): "))
        #expect(folder.read("b").contains("web until "))
        try FileManager.default.removeItem(atPath: folder.path("a"))
        #expect(try runWithoutVariables(["silence", "--end", "-c", path]).status == .exited(0))
        #expect(!FileManager.default.fileExists(atPath: folder.path("b")))
    }

    @Test func `status reads the metrics of all listeners`() throws {
        let path = try configuration("metrics", "SUPERLANCE_METRICS")
        func reading(_ name: String, _ value: Int, _ listener: String) -> String {
            #"superlance_\#(name){tool="memmon",listener="\#(listener)"} \#(value)"# + "\n"
        }
        try folder.write("a", reading("outbox_alerts", 4, "a"))
        try folder.write("b", reading("outbox_alerts", 0, "b"))
        let report = try runWithoutVariables(["status", "-c", path]).output
        #expect(report.contains("a (memmon): last event 0 s ago, 4 alerts undelivered\n"))
        #expect(report.contains("b (memmon): last event 0 s ago\n"))
        // The listener was renamed, and its name is an attack on the terminal.
        try folder.write("b", reading("outbox_alerts", 3, #"x\n\#u{1B}[31m"#))
        let foreign = try runWithoutVariables(["status", "-c", path]).output
        #expect(
            foreign.contains(
                #"x\n\u{1B}[31m: not in this configuration; delete \#(folder.path("b")) if it is"#),
            "\(foreign)")
        #expect(foreign.contains("b: no metrics in \(folder.path("b"))\n"))
    }

    @Test(.enabled(if: geteuid() == 0, "only root may change the owner of a file"))
    func `status reads no metrics of a user who runs no listener`() throws {
        let metrics = try TemporaryDirectory()
        let file = try metrics.write(
            "memmon.prom",
            #"superlance_outbox_alerts{tool="memmon",listener="memmon"} 4"# + "\n")
        let line = "memmon: last event 0 s ago, 4 alerts undelivered\n"
        // 65534 is nobody.
        for (owner, user, folderOwner, isRead) in [
            (65_534, "", 0, false), (0, "", 0, true), (65_534, "user=nobody", 0, true),
            (65_534, "", 65_534, true),
        ] {
            let path = try folder.write(
                "supervisord.conf",
                """
                [supervisord]
                environment=SUPERLANCE_METRICS="\(metrics.path)"
                [eventlistener:memmon]
                command=\(Tool.memmon.path) -a 1GB
                events=TICK_60
                \(user)
                """)
            #expect(chown(file, UInt32(owner), 0) == 0)
            #expect(chown(metrics.path, UInt32(folderOwner), 0) == 0)
            let report = try runWithoutVariables(["status", "-c", path]).output
            #expect(report.contains(line) == isRead, "\(report)")
            #expect(
                report.contains(
                    "\(file): ignored, since it belongs to nobody, who runs no listener\n")
                    != isRead, "\(report)")
        }
    }

    @Test func `a listener without metrics after three ticks is unhealthy`() throws {
        func path(_ name: String, _ server: XMLRPCServer, tick: String) throws -> String {
            try folder.write(
                name,
                """
                [supervisord]
                environment=SUPERLANCE_METRICS="\(folder.path("missing"))"
                [unix_http_server]
                file=\(server.url.dropFirst("unix://".count))
                [rpcinterface:supervisor]
                supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
                [eventlistener:memmon]
                command=\(Tool.memmon.path) -a 1GB
                events=\(tick)
                """)
        }
        // It has run for a minute.
        let server = try XMLRPCServer(.unix, [.init("memmon", pid: 1)])
        let late = try runWithoutVariables(["status", "-c", path("a", server, tick: "TICK_5")])
        #expect(late.status == .exited(1), "\(late)")
        #expect(late.output.contains("memmon: no metrics in "))
        #expect(late.output.contains(" after three ticks: it is hung, or cannot write them\n"))
        let early = try runWithoutVariables(["status", "-c", path("b", server, tick: "TICK_60")])
        #expect(early.status == .exited(0), "\(early)")
        #expect(early.output.contains("/missing yet\n"), "\(early)")
    }

    @Test(arguments: [("true", false), ("false", true)])
    func `a listener that supervisord does not have is unhealthy`(
        _ autostart: String, _ isHealthy: Bool
    ) throws {
        let server = try XMLRPCServer(.unix, [.init("web", pid: 0, state: 20)])
        let path = try folder.write(
            "supervisord.conf",
            """
            [supervisord]
            environment=SUPERLANCE_METRICS="\(folder.path("crashmail.prom"))"
            [unix_http_server]
            file=\(server.url.dropFirst("unix://".count))
            [rpcinterface:supervisor]
            supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
            [eventlistener:crashmail]
            command=\(Tool.crashmail.path) -m ops@example.org
            autostart=\(autostart)
            events=PROCESS_STATE_EXITED
            """)
        try folder.write(
            "crashmail.prom",
            #"superlance_last_event_timestamp_seconds{tool="crashmail",listener="crashmail"} "#
                + "\(Int(Date().timeIntervalSince1970))\n")
        let report = try runWithoutVariables(["status", "-c", path])
        #expect(report.status == .exited(isHealthy ? 0 : 1), "\(report)")
        let line = "  supervisord does not have the listener crashmail: run supervisorctl update\n"
        #expect(report.output.contains(line), "\(report)")
    }

    /// A state, the time of the last start, `autostart=`, and what is expected.
    @Test(arguments: [
        (20, 1, "true", nil, true), (10, 1, "true", nil, true),
        (0, 1, "false", "STOPPED for 2 min", false), (0, 0, "true", "STOPPED for 2 min", false),
        (0, 0, "off", "STOPPED for 2 min", true), (100, 1, "true", "EXITED for 2 min", false),
        (30, 1, "true", "BACKOFF", false),
    ])
    func `a listener that is not running is unhealthy`(
        _ state: Int, _ start: Int, _ autostart: String, _ words: String?, _ isHealthy: Bool
    ) throws {
        let now = Int(Date().timeIntervalSince1970)
        let names = [0: "STOPPED", 10: "STARTING", 20: "RUNNING", 30: "BACKOFF", 100: "EXITED"]
        var entry = XMLRPCServer.Entry(
            "crashmail", pid: 0, start: start, state: state, statename: names[state])
        entry.stop = now - 125
        let server = try XMLRPCServer(.unix, [entry])
        // It has no ticks, and whoever missed three would be called hung.
        for (events, reading) in [("PROCESS_STATE_EXITED", now - 10), ("TICK_5", now - 125)] {
            try folder.write(
                "crashmail.prom",
                #"superlance_last_event_timestamp_seconds{tool="crashmail",listener="crashmail"} "#
                    + "\(events == "TICK_5" && words == nil ? now : reading)\n")
            let path = try folder.write(
                "supervisord.conf",
                """
                [supervisord]
                environment=SUPERLANCE_METRICS="\(folder.path("crashmail.prom"))"
                [unix_http_server]
                file=\(server.url.dropFirst("unix://".count))
                [rpcinterface:supervisor]
                supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
                [eventlistener:crashmail]
                command=\(Tool.crashmail.path) -m ops@example.org
                autostart=\(autostart)
                events=\(events)
                """)
            let report = try runWithoutVariables(["status", "-c", path])
            #expect(report.status == .exited(isHealthy ? 0 : 1), "\(report)")
            #expect(!report.output.contains("three ticks"), "\(report)")
            let line = words.map { "  the listener crashmail is \($0)\n" }
            #expect(report.output.contains(line ?? "running, 1 processes, 0 FATAL\ncrashmail: "))
        }
    }

    @Test(arguments: [[], ["-c", "/nonexistent/supervisord.conf"]])
    func `status without a configuration is a failure`(words: [String]) throws {
        let child = try ChildProcess(
            ["/usr/bin/env", "-C", folder.path, Tool.superlance, "status"] + words)
        let output = String(decoding: try child.readToEnd(), as: UTF8.self)
        #expect(
            output.hasPrefix("supervisord: no configuration found")
                || output.hasPrefix("supervisord: cannot read /nonexistent/supervisord.conf"))
        #expect(try child.waitForExit() == .exited(1))
    }

    @Test(arguments: [
        ["web"], [], ["web", "25h"], ["web", "0"], ["web", "soon"], ["", "1h"], ["a b", "1h"],
        ["--end", "a", "b"], ["--nosuch"],
    ])
    func `a usage error has status 64 and one line`(words: [String]) throws {
        let child = try ChildProcess(
            [Tool.superlance, "silence"] + words,
            environment: ChildProcess.environment(adding: [
                "SUPERLANCE_SILENCE": folder.path("silence")
            ]))
        #expect(try child.waitForExit() == .exited(64))
        #expect(child.standardError.hasPrefix("superlance silence: error: "))
        #expect(child.standardError.split(separator: "\n").count == 1)
        #expect(!FileManager.default.fileExists(atPath: folder.path("silence")))
    }

    @Test func `superlance without a command shows what it is`() throws {
        let bare = try ChildProcess([Tool.superlance])
        #expect(try bare.waitForExit() == .exited(64))
        #expect(bare.standardError.hasPrefix("usage: superlance COMMAND"))
        #expect(try run("--help").output == bare.standardError)
        #expect(try run("nosuch").error.contains("unknown command 'nosuch'"))
    }

    @Test(arguments: Supervisord.Version.allCases)
    func `status shows the state of the listeners`(_ version: Supervisord.Version) throws {
        let metrics = try TemporaryDirectory()
        let supervisord = try Supervisord(
            version,
            [
                .program("web", "false", ["startretries": "0"]),
                .listener(
                    .crashmail, "--metrics \(metrics.path)", events: "PROCESS_STATE,TICK_5"),
            ])
        try supervisord.wait(for: "web") { $0.statename == "FATAL" }
        let configuration = supervisord.directory.path("supervisord.conf")
        var report = ""
        try eventually("the metrics, there are: \(report)") {
            report = try run("status", "-c", configuration, "--metrics", metrics.path).output
            return report.contains("crashmail: last event ")
        }
        #expect(report.contains("supervisord: running, 2 processes, 1 FATAL"))
        #expect(report.contains("  web is FATAL: "))
        #expect(
            try run("status", "-c", configuration, "--metrics", metrics.path).status == .exited(1))
        try supervisord.call("supervisor.stopProcess", "crashmail")
        try supervisord.stop()
    }

    @Test func `relative paths and variables are those of the running supervisord`() throws {
        let elsewhere = try TemporaryDirectory()
        let path = try folder.write(
            "supervisord.conf",
            """
            [supervisord]
            pidfile=%(here)s/pid
            logfile=%(here)s/log
            environment=SUPERLANCE_METRICS="%(ENV_RUNDIR)s/metrics",SUPERLANCE_SILENCE="silence"
            [unix_http_server]
            file=%(here)s/s.sock
            [rpcinterface:supervisor]
            supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
            [eventlistener:a]
            command=\(Tool.crashmail.path) -m ops@example.org -s cat
            events=PROCESS_STATE_EXITED,TICK_5
            buffer_size=1024
            [eventlistener:b]
            command=\(Tool.crashmail.path) -m ops@example.org -s cat
            events=PROCESS_STATE_EXITED,TICK_5
            buffer_size=1024
            """)
        func silence(
            _ environment: [String: String] = [:]
        ) throws -> (output: String, error: String, status: Ending) {
            let child = try ChildProcess(
                [
                    "/usr/bin/env", "-C", elsewhere.path, Tool.superlance, "silence", "a", "5m",
                    "-c", path,
                ], environment: ChildProcess.environment(adding: environment))
            let output = String(decoding: try child.readToEnd(), as: UTF8.self)
            let status = try child.waitForExit()
            return (output, child.standardError, status)
        }
        // Without supervisord, neither is known.
        let hidden = try silence()
        #expect(hidden.status == .exited(64))
        #expect(hidden.error.contains("%(ENV_RUNDIR)s is not defined; run this"), "\(hidden)")
        let before = try silence(["RUNDIR": folder.path])
        #expect(before.status == .exited(64))
        #expect(before.error.contains("the silence file silence is relative to"), "\(before)")
        #expect(try runWithoutVariables(["status", "-c", path]).output.contains("RUNDIR)s is not"))

        let supervisord = try ChildProcess(
            [
                "/usr/bin/env", "-C", folder.path, try Supervisord.program(.current), "-n", "-c",
                "supervisord.conf",
            ], environment: ChildProcess.environment(adding: ["RUNDIR": folder.path]))
        var report = ""
        try eventually("the metrics of both listeners: \(report)") {
            report = try runWithoutVariables(["status", "-c", path]).output
            return report.contains("a (crashmail): last event ")
                && report.contains("b (crashmail): last event ")
        }
        #expect(Set(try names("metrics")) == ["a.prom", "b.prom"])
        let result = try silence()
        #expect(result.status == .exited(0), "\(result)")
        #expect(result.error.isEmpty, "\(result)")
        #expect(folder.read("silence").hasPrefix("a until "))
        #expect(elsewhere.names().isEmpty)
        #expect(
            try runWithoutVariables(["status", "-c", path]).output.contains("silenced: a until "))

        // A copy of the file is not the one that supervisord runs with.
        let copy = try folder.write("copy.conf", folder.read("supervisord.conf"))
        let other = try runWithoutVariables(["status", "-c", copy])
        #expect(other.status == .exited(1))
        #expect(other.output.contains(" runs with \(path): change file= or port="), "\(other)")
        supervisord.kill()
    }

    private func names(_ name: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path(name))
    }

    @Test func `a mistake that hides the server is a failure of status`() throws {
        let path = try folder.write(
            "supervisord.conf",
            """
            [supervisord]
            [unix_http_server]
            file=%(ENV_NOSUCH)s/s.sock
            [program:web]
            command=sleep %(ENV_OTHER)s
            """)
        let result = try runWithoutVariables(["status", "-c", path])
        #expect(result.status == .exited(1))
        #expect(
            result.output.hasPrefix("configuration: [unix_http_server]: file= in line 3 of "),
            "\(result)")
        #expect(result.output.contains("%(ENV_NOSUCH)s is not defined; run this command as root"))
        #expect(!result.output.contains("add [unix_http_server]"))
        #expect(!result.output.contains("OTHER"))
    }

    @Test func `the configuration beside the supervisord in PATH is found`() throws {
        for name in ["bin", "etc"] {
            try FileManager.default.createDirectory(
                atPath: folder.path(name), withIntermediateDirectories: false)
        }
        try folder.writeProgram("bin/supervisord", "#!/bin/sh\n")
        try folder.write(
            "etc/supervisord.conf",
            "[supervisord]\nenvironment=SUPERLANCE_SILENCE=\"\(folder.path("silence"))\"\n")
        func run(_ words: [String]) throws -> (text: String, status: Ending) {
            let child = try ChildProcess(
                ["/usr/bin/env", "-C", "/proc", Tool.superlance] + words,
                environment: ChildProcess.environment(adding: ["PATH": folder.path("bin")]))
            let output = String(decoding: try child.readToEnd(), as: UTF8.self)
            let status = try child.waitForExit()
            return (output + child.standardError, status)
        }
        #expect(try run(["status"]).text.contains("there is no server URL"))
        #expect(try run(["doctor"]).text.contains(folder.path("etc/supervisord.conf")))
        #expect(try run(["silence", "web", "1m"]).status == .exited(0))
        #expect(folder.read("silence").hasPrefix("web until "))
    }

    @Test func `a misspelt name is answered with the nearest one`() throws {
        let path = try folder.write(
            "supervisord.conf", "[supervisord]\n[program:web]\ncommand=sleep 1000\n")
        #expect(
            try run("silence", "-c", path, "wbe", "5m").error
                == "superlance silence: warning: wbe matches no process: write web\n")
    }
}

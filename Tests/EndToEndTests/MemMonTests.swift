import Foundation
import TestSupport
import Testing

/// What memmon measures, what it restarts, and its texts.
@Suite struct MemMonTests {
    /// A process of some hundred KB: more than 1 byte and less than 1 GB.
    private let sleeper: ChildProcess
    private var pid: Int { Int(sleeper.pid) }

    init() throws {
        let sleeper = try ChildProcess(["/bin/sleep", "86400"])
        self.sleeper = sleeper
        // Until its libraries are loaded, it grows from one look to the next.
        try eventually("sleep is loaded and asleep") {
            try String(contentsOfFile: "/proc/\(sleeper.pid)/status", encoding: .utf8)
                .contains("\nState:\tS")
        }
    }

    private func scene(
        _ arguments: [String], _ processes: [XMLRPCServer.Entry],
        environment: [String: String] = [:]
    ) throws -> Scene {
        try Scene(.memmon, arguments, processes, environment: environment)
    }

    private func restarted(_ scene: Scene) throws -> [String] {
        try scene.supervisord.actions().compactMap { call in
            call.hasPrefix("startProcess ") ? String(call.dropFirst(13)) : nil
        }.sorted()
    }

    @Test func `What is counted is reported before the mail that restarts do not help`() throws {
        let scene = try scene(
            ["-p", "web=1", "--flood-limit", "1/1h", "--max-restarts", "3/1h"],
            [.init("web", pid: pid)])
        for restart in 1...3 {
            try scene.tickAndRest()
            try scene.supervisord.set([.init("web", pid: pid, start: 1_000_000 + restart)])
        }
        try scene.tickAndRest()
        let mails = try scene.mailbox.waitForMails(3)
        #expect(mails.count == 3)
        #expect(mails[1].body.contains(", 2 times from "), "\(mails[1].body)")
        #expect(mails[1].body.contains("\nnow: running, not restarted before "))
        #expect(mails[2]["Subject"]?.contains("gave up on web") == true)
        try scene.finish()
    }

    // MARK: Selection

    @Test(arguments: [
        (["-p", "cat=1"], ["farm:cat", "zoo:cat"]), (["-p", "farm:cat=1"], ["farm:cat"]),
        (["-p", "farm=1"], []), (["-g", "farm=1"], ["farm:cat", "farm:dog"]),
        (["-g", "cat=1"], []),
        (["-a", "1"], ["farm:cat", "farm:dog", "web", "zoo:cat"]), (["-a", "1GB"], []),
        (["-p", "cat=1GB", "-g", "farm=1GB", "-a", "1gb"], []),
        (["-p", "cat=1GB", "-g", "zoo=1KB"], ["zoo:cat"]),
        (["-p", "web=1", "-p", "web=1GB"], []), (["-p", "web=1GB", "--process=web=1"], ["web"]),
        (["-p", "c*=1", "-g", "z?o=1"], ["farm:cat", "zoo:cat"]),
        (["-p", "farm:*=1"], ["farm:cat", "farm:dog"]), (["-g", "[f-z]*[!b]=1GB"], []),
        (["--most-specific", "-a", "1", "-p", "c*=1GB"], ["farm:dog", "web"]),
        (["-a", "100%", "-g", "farm=90pct"], []),
        (["-p", "gone=1", "-g", "nowhere=1"], []), (["-c"], []), (["-n", "x"], []),
    ])
    func `Names, full names, groups and all have limits`(
        _ arguments: [String], _ expected: [String]
    ) throws {
        let scene = try scene(
            arguments,
            [
                .init("cat", group: "farm", pid: pid), .init("dog", group: "farm", pid: pid),
                .init("cat", group: "zoo", pid: pid), .init("web", pid: pid),
                .init("web2", group: "down", pid: 0),
            ])
        try scene.tickAndRest()
        #expect(try restarted(scene) == expected)
        #expect(scene.mailbox.count == expected.count)
        try scene.finish()
    }

    @Test func `Over four limits it is restarted once, and told of once`() throws {
        let scene = try scene(
            ["-p", "web=1", "-p", "site:web=1", "-g", "site=1", "-a", "1"],
            [.init("web", group: "site", pid: pid)])
        try scene.tickAndRest()
        #expect(
            try scene.supervisord.actions() == ["stopProcess site:web", "startProcess site:web"])
        #expect(scene.mailbox.count == 1)
        #expect(scene.tool.standardError.matches(of: /Restarting site:web/).count == 1)
        #expect(scene.tool.standardError.matches(of: /RSS of site:web/).count == 1)
    }

    @Test(arguments: [Int.min, -1, .max])
    func `A start at any time is no trouble`(_ start: Int) throws {
        let scene = try scene(["-a", "1"], [.init("web", pid: pid, start: start)])
        try scene.tickAndRest()
        #expect(try restarted(scene) == ["web"])
        #expect(scene.mailbox.count == 1)
        #expect(!scene.tool.standardError.contains("worker"))
        try scene.finish()
    }

    @Test func `The smallest of its limits counts`() throws {
        let scene = try scene(["-p", "web=1GB", "-a", "1"], [.init("web", pid: pid)])
        try scene.tickAndRest()
        #expect(try restarted(scene) == ["web"])
    }

    @Test func `It warns of a limit that never counts`() throws {
        let scene = try scene(["-p", "web=1GB", "-a", "1MB"], [])
        try scene.tickAndRest()
        let warning = "-p web=1GB has no effect, because -a 1MB is lower: add --most-specific"
        #expect(scene.tool.standardError.contains(warning))
        let other = try self.scene(["-p", "web=1GB", "-a", "1MB", "--most-specific"], [])
        try other.tickAndRest()
        #expect(!other.tool.standardError.contains("has no effect, because"))
    }

    @Test func `It is never itself that it restarts`() throws {
        let scene = try scene(
            ["-a", "1", "-p", "memmon=1", "-p", "watch:memmon=1", "-g", "watch=1"],
            [.init("memmon", group: "watch", pid: pid), .init("memmon", pid: pid)],
            environment: ["SUPERVISOR_GROUP_NAME": "watch"])
        try scene.tickAndRest()
        #expect(try restarted(scene) == ["memmon"])
    }

    @Test func `No pid, one that is gone and a process that is being stopped are left alone`()
        throws
    {
        let scene = try scene(
            ["-a", "0"],
            [
                .init("down", pid: 0), .init("gone", pid: 5_000_000),
                .init("stopping", pid: pid, state: 40, statename: "STOPPING"),
                .init("zero", pid: pid),
            ])
        try scene.tickAndRest()
        #expect(try restarted(scene) == ["zero"])
        #expect(!scene.tool.standardError.contains("RSS of gone"))
        #expect(!scene.tool.standardError.contains("RSS of down"))
    }

    // MARK: Measurement

    @Test func `The lines on stderr are the original's`() throws {
        let scene = try scene(
            ["-p", "web=1KB", "-p", "cat=200MB", "-g", "site=1gb", "-g", "a=2MB", "-a", "300MB"],
            [.init("web", group: "site", pid: pid), .init("job", pid: pid)])
        try scene.tickAndRest()
        let size = try statusSize(pid)
        let log = scene.tool.standardError.split(separator: "\n", omittingEmptySubsequences: false)
            // Lines of our own have the tool's name.
            .filter { !$0.hasPrefix("memmon: ") }
            .joined(separator: "\n")
        #expect(
            log == """
                Checking programs cat=209715200, web=1024
                Checking groups a=2097152, site=1073741824
                Checking any=314572800
                RSS of site:web is \(size)
                RSS of job:job is \(size)
                Restarting site:web

                """)
    }

    @Test func `The mail names the process, the time and the size`() throws {
        let scene = try scene(["-p", "网站=1"], [.init("网站", pid: pid)])
        try scene.tickAndRest()
        let mail = try scene.mailbox.waitForMails(1)[0]
        #expect(mail["Subject"] == "memmon: process 网站:网站 restarted")
        #expect(mail["To"] == "ops@example.org")
        let text = try Regex(
            #"memmon\.py restarted the process named 网站:网站 at "#
                + #"[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4} \S+ because it was "#
                + #"consuming too much memory \(\#(try statusSize(pid)) bytes RSS\)\n"#)
        #expect(mail.told.wholeMatch(of: text) != nil)
    }

    @Test func `With -c a process answers for all that descend from it`() throws {
        let tree = try ChildProcess([
            "/usr/bin/python3", "-c",
            """
            import subprocess, sys, time
            subprocess.Popen(["/usr/bin/python3", "-c",
                "import time; x = bytearray(b'x') * 80_000_000; print(1, flush=True); time.sleep(86400)"])
            time.sleep(86400)
            """,
        ])
        #expect(try tree.readLine() == "1")
        let processes = [
            XMLRPCServer.Entry("parent", pid: Int(tree.pid)), .init("other", pid: pid),
        ]
        let alone = try scene(["-a", "60MB"], processes)
        try alone.tickAndRest()
        #expect(try restarted(alone) == [])
        let together = try scene(["-a", "60MB", "-c"], processes)
        try together.tickAndRest()
        #expect(try restarted(together) == ["parent"])
        let all = [Int(tree.pid)] + ProcessTree.descendants(of: tree.pid).map(Int.init)
        #expect(all.count == 2)
        let size = try all.map(statusSize).reduce(0, +)
        #expect(together.tool.standardError.contains("RSS of parent:parent is \(size)\n"))
        #expect(try together.onlyBody().contains("(\(size) bytes RSS)"))
    }

    // MARK: What counts

    /// A process of the same program as the sleeper, but with 30 MB more.
    private func large() throws -> ChildProcess {
        let child = try ChildProcess([
            "/usr/bin/python3", "-c",
            "import time; x = bytearray(b'x') * 30_000_000; print(1, flush=True); time.sleep(86400)",
        ])
        #expect(try child.readLine() == "1")
        return child
    }

    @Test func `By PSS a process answers for its share only`() throws {
        // Of a program that runs twice, most is shared.
        let rollup = try String(contentsOfFile: "/proc/\(pid)/smaps_rollup", encoding: .utf8)
        let match = try #require(rollup.firstMatch(of: /\nPss:\s*(\d+) kB/))
        let share = try #require(Int(match.1)) * 1_024
        let limit = (share + (try statusSize(pid))) / 2
        let byShare = try scene(["-a", "\(limit)", "--measure", "pss"], [.init("web", pid: pid)])
        try byShare.tickAndRest()
        #expect(try restarted(byShare) == [])
        #expect(byShare.tool.standardError.contains(/\nPSS of web:web is \d+\n/))
        let resident = try scene(["-a", "\(limit)"], [.init("web", pid: pid)])
        try resident.tickAndRest()
        #expect(try restarted(resident) == ["web"])
        let own = try scene(["-a", "4096", "--measure", "USS"], [.init("web", pid: pid)])
        try own.tickAndRest()
        #expect(try own.onlyBody().contains(/\(\d+ bytes USS\)/))
    }

    @Test func `A resident set below the limit is not looked into`() throws {
        let scene = try scene(["-a", "1GB", "--measure", "uss"], [.init("web", pid: pid)])
        try scene.tickAndRest()
        #expect(scene.tool.standardError.contains("RSS of web:web is "))
        let swapped = try self.scene(
            ["-a", "1GB", "--measure", "rss+swap"], [.init("web", pid: pid)])
        try swapped.tickAndRest()
        #expect(swapped.tool.standardError.contains("RSS+swap of web:web is "))
    }

    @Test func `Of a group that holds too much the biggest is restarted, and then it looks again`()
        throws
    {
        let large = try large()
        let processes = [
            XMLRPCServer.Entry("small", group: "farm", pid: pid),
            .init("large", group: "farm", pid: Int(large.pid)),
            .init("other", pid: Int(large.pid)),
        ]
        let scene = try scene(["--group-total", "f*=20MB"], processes)
        try scene.supervisord.behave(.init(methods: ["stopProcess": .delay(0.5)]))
        try scene.tick()
        try scene.supervisord.waitForCall("stopProcess")
        // While it is being restarted, what the group holds says nothing.
        try scene.tick()
        try scene.rest()
        #expect(try restarted(scene) == ["farm:large"])
        let body = try scene.onlyBody()
        #expect(
            body.contains(
                /because its group was consuming too much memory \(\d+ bytes RSS\) and it used the most/
            ))
        // The new one holds as much again.
        try scene.supervisord.set(processes)
        try scene.tickAndRest()
        #expect(try restarted(scene) == ["farm:large", "farm:large"])
        let keeps = try self.scene(["--group-total", "farm=1GB", "-g", "farm=1GB"], processes)
        try keeps.tickAndRest()
        #expect(try restarted(keeps) == [])
        #expect(keeps.tool.standardError.contains("RSS of all of group farm is "))
    }

    @Test
    func `A process that exceeds its limit and that of its group is restarted once, for both`()
        throws
    {
        let large = try large()
        let scene = try scene(
            ["-p", "large=20MB", "--group-total", "farm=21MB"],
            [.init("large", group: "farm", pid: Int(large.pid))])
        try scene.tickAndRest()
        #expect(try restarted(scene) == ["farm:large"])
        let mail = try scene.mailbox.waitForMails(1)[0]
        #expect(
            mail.body.contains(
                /because it was consuming too much memory \(\d+ bytes RSS\), and its group was/))
        #expect(
            mail.body.contains(
                /\nmemory: \S+ MB, limit 20\.0 MB; group farm \S+ MB, limit 21\.0 MB\n/))
    }

    /// The largest process of a group may exceed its own limit at the same time.
    @Test func `Commands get the value and the limit of the first line of the reason`() throws {
        let directory = try TemporaryDirectory()
        let before = try directory.writeProgram(
            "before", "#!/bin/sh\nenv > \(directory.path("env"))\n")
        let scene = try scene(
            ["-p", "web=1KB", "--group-total", "site=2KB", "--before", before],
            [.init("web", group: "site", pid: pid)])
        try scene.tickAndRest()
        let lines = directory.read("env").split(separator: "\n")
        let start = try #require(lines.firstIndex { $0.hasPrefix("SUPERLANCE_REASON=") })
        #expect(lines[start].contains(/^SUPERLANCE_REASON=it uses \S+ [KM]B RSS of 1\.0 KB$/))
        #expect(lines[start + 1].contains(/^group site uses \S+ [KM]B RSS of 2\.0 KB, and it/))
        #expect(lines.contains("SUPERLANCE_LIMIT=1024"))
    }

    @Test func `A limit of a group alone has no warning`() throws {
        let scene = try scene(
            [
                "--group-total", "site=1KB", "--warn", "80pct", "--restart-window",
                Self.windows[1],
            ], [.init("web", group: "site", pid: pid)])
        try scene.tickAndRest()
        #expect(
            scene.tool.standardError.contains(
                "memmon: warning: --warn has no effect on --group-total: "))
        // So the window holds the limit.
        #expect(try restarted(scene) == [])
    }

    @Test func `A process that is approaching its limit is told of once, and not restarted`() throws
    {
        let limit = try statusSize(pid) * 3 / 2
        let scene = try scene(
            ["-a", "\(limit)", "--warn", "50%"], [.init("web", group: "site", pid: pid)])
        try scene.tickAndRest()
        try scene.tickAndRest()
        #expect(try restarted(scene) == [])
        let mail = try scene.mailbox.waitForMails(1)
        #expect(mail.count == 1)
        #expect(mail[0]["Subject"] == "memmon: process site:web is approaching its limit")
        #expect(mail[0].told.contains("site:web uses "))
        #expect(mail[0].body.contains("\nsupervisor: supervisor\n"))
        try scene.finish()
    }

    /// Windows that are open now, and at no time soon.
    private static let windows = [
        "sun-sat 00:00-24:00",
        Date(timeIntervalSinceNow: 3 * 86_400).formatted(
            .dateTime.weekday(.abbreviated).locale(Locale(identifier: "en_US"))
        ).lowercased() + " 12:00-12:01",
    ]

    @Test(arguments: [
        (0, 150, true), (1, 150, false), (1, 50, true), (0, 300, false),
    ])
    func `With a window the warning restarts inside of it, and the limit at any time`(
        _ window: Int, _ percent: Int, _ isRestarted: Bool
    ) throws {
        let limit = try statusSize(pid) * percent / 100
        let scene = try scene(
            ["-a", "\(limit)", "--warn", "50%", "--restart-window", Self.windows[window]],
            [.init("web", pid: pid)])
        try scene.tickAndRest()
        #expect(try restarted(scene) == (isRestarted ? ["web"] : []))
        // Outside of the window the warning is only an alert.
        #expect(scene.mailbox.count == (percent == 300 ? 0 : 1))
        if isRestarted, percent == 150 {
            let body = try scene.mailbox.waitForMails(1)[0].body
            let words =
                /\nmemory: \S+ [KM]B, limit \S+ [KM]B, in the restart window \S+ [KM]B \(--warn\)\n/
            #expect(body.contains(words), "\(body)")
        }
        if !isRestarted, percent == 150 {
            #expect(scene.tool.standardError.contains("web is not restarted: window opens "))
        }
    }

    @Test func `Without --warn a window holds the limit itself`() throws {
        let scene = try scene(
            ["-a", "1", "--restart-window", Self.windows[1]], [.init("web", pid: pid)])
        try scene.tickAndRest()
        #expect(try restarted(scene) == [])
        #expect(scene.tool.standardError.contains("web is not restarted: window opens "))
    }

    private func statusSize(_ pid: Int) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        let match = try #require(status.firstMatch(of: /VmRSS:\s*(\d+) kB/))
        return try #require(Int(match.1)) * 1_024
    }

    // MARK: Reports

    /// The process has run for 90 seconds.
    @Test(arguments: [
        ("10", false), ("3600", true), ("30s", false), ("300s", true), ("1m", false), ("3m", true),
        ("1h", true), ("1d", true), ("0", false),
    ])
    func `Who ran longer than -u says is restarted in silence`(
        _ uptime: String, _ isTold: Bool
    ) throws {
        let start = Int(Date().timeIntervalSince1970) - 90
        let scene = try scene(
            ["-p", "web=1", "-u", uptime], [.init("web", pid: pid, start: start)])
        try scene.tickAndRest()
        #expect(try restarted(scene) == ["web"])
        #expect((scene.mailbox.count == 1) == isTold)
    }

    @Test func `A name tells one memmon from another, and stands nowhere else`() throws {
        let scene = try scene(["-n", "prod", "-p", "web=1"], [.init("web", pid: pid)])
        try scene.tickAndRest()
        #expect(
            try scene.mailbox.waitForMails(1)[0]["Subject"]
                == "memmon [prod]: process web:web restarted")
        let other = try self.scene(["-p", "web=1"], [.init("web", pid: pid)])
        try other.tickAndRest()
        #expect(
            try other.mailbox.waitForMails(1)[0]["Subject"] == "memmon: process web:web restarted")
    }

    @Test func `Without -m it restarts and mails nobody`() throws {
        let scene = try Scene(
            .memmon, ["-p", "web=1"], [.init("web", pid: pid)], mails: false)
        try scene.tickAndRest()
        #expect(try restarted(scene) == ["web"])
        #expect(scene.tool.standardError.hasSuffix("Restarting web:web\n"))
    }

    @Test func `No arguments at all are wrong use`() throws {
        let tool = try RunningTool(.memmon, serverURL: "unix:///nonexistent/supervisor.sock")
        #expect(try tool.process.waitForExit() == .exited(64))
        #expect(tool.standardError.hasPrefix("memmon: error: no limit: "))
        #expect(try tool.process.readToEnd().isEmpty)
    }

    // MARK: Concurrent changes

    @Test func `One whose stop hangs keeps no other from being restarted, nor from a second look`()
        throws
    {
        let scene = try scene(
            ["-a", "1"], [.init("stuck", pid: pid), .init("web", pid: pid), .init("job", pid: pid)])
        try scene.supervisord.behave(.init(methods: ["stopProcess stuck": .hang()]))
        try scene.tick()
        #expect(try scene.mailbox.waitForMails(2).count == 2)
        #expect(try restarted(scene) == ["job", "web"])
        try scene.supervisord.set([.init("stuck", pid: pid), .init("late", pid: pid)])
        try scene.tick()
        try scene.supervisord.waitForCall("startProcess late")
        #expect(try scene.supervisord.calls().count { $0 == "stopProcess stuck" } == 1)
        // The hanging restart continues on its own; the program exits.
        #expect(try scene.tool.finish(within: .seconds(20)) == .exited(0))
    }

    @Test func `A look from before a restart is no reason for another one`() throws {
        let scene = try scene(["-a", "1"], [.init("web", pid: pid)])
        try scene.supervisord.behave(.init(methods: ["stopProcess": .delay(1)]))
        try scene.tick()
        try scene.supervisord.waitForCall("stopProcess")
        try scene.supervisord.behave(.init(methods: ["getAllProcessInfo": .late(3, times: 1)]))
        try scene.tick()
        try scene.tool.waitForError("RSS of web:web")
        try scene.rest()
        #expect(scene.tool.standardError.matches(of: /RSS of web:web/).count == 2)
        #expect(try scene.supervisord.actions() == ["stopProcess web", "startProcess web"])
    }

    @Test func `Twenty that are over their limit are all restarted`() throws {
        let names = (1...20).map { "leak\($0)" }
        let scene = try scene(["-a", "1"], names.map { .init($0, pid: pid) })
        try scene.supervisord.behave(.init(methods: ["stopProcess": .delay(0.3)]))
        try scene.tick()
        try scene.tick()
        try scene.supervisord.waitForCall("startProcess", 20)
        try scene.rest()
        #expect(try restarted(scene) == names.sorted())
        let told = try scene.mailbox.mails().map(\.told).joined()
        for name in names { #expect(told.contains("named \(name):\(name) at ")) }
    }
}

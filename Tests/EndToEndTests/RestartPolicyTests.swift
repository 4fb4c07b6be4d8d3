import Foundation
import TestSupport
import Testing

/// When httpok and memmon restart programs, and when they do not.
@Suite struct RestartPolicyTests {
    private let sleeper: ChildProcess
    private let site: HTTPSite
    private let directory: TemporaryDirectory

    init() throws {
        sleeper = try ChildProcess(["/bin/sleep", "86400"])
        site = try HTTPSite()
        try site.behave(.init(status: 503, reason: "No"))
        directory = try TemporaryDirectory()
    }

    private static let both = [Tool.httpok, .memmon]

    private func web(start: Int? = nil) -> XMLRPCServer.Entry {
        .init("web", pid: Int(sleeper.pid), start: start)
    }

    /// A tool that finds `web` unhealthy.
    private func scene(
        _ tool: Tool, _ options: [String], _ processes: [XMLRPCServer.Entry]? = nil
    ) throws -> Scene {
        try Scene(
            tool, options + (tool == .httpok ? ["-a", site.url] : ["-a", "1"]), processes ?? [web()]
        )
    }

    @Test(arguments: both)
    func `As many checks must fail as asked for`(_ tool: Tool) throws {
        let scene = try scene(tool, ["--failure-threshold", "2"])
        try scene.tickAndRest()
        #expect(try scene.supervisord.actions().isEmpty)
        #expect(scene.mailbox.attempts == 0)
        #expect(scene.tool.standardError.contains("web is not restarted: 1 of 2 failed\n"))
        try scene.tickAndRest()
        #expect(try scene.supervisord.actions() == ["stopProcess web", "startProcess web"])
        #expect(scene.mailbox.count == 1)
    }

    @Test(arguments: both)
    func `Restarts that do not help are given up, and that is told once`(_ tool: Tool) throws {
        let scene = try scene(tool, ["--max-restarts", "1/1h"])
        try scene.tickAndRest()
        for start in 1...2 {
            try scene.supervisord.set([web(start: 1_000_000 + start)])
            try scene.tickAndRest()
        }
        #expect(try scene.supervisord.actions() == ["stopProcess web", "startProcess web"])
        let mails = try scene.mailbox.waitForMails(2)
        #expect(mails.count == 2)
        #expect(mails[1]["Subject"] == "\(tool.rawValue): gave up on web")
        #expect(mails[1].told.hasPrefix("gave up on web: 1 restart in 1 h has not helped; next"))
    }

    @Test func `Of several that fail checks of their own, one is restarted first`() throws {
        let failing = HTTPSite.Behaviour(status: 503, reason: "No", body: "the queue is full")
        try site.behave(failing)
        let names = (0...3).map { "web_\($0)" }
        let scene = try Scene(
            .httpok, ["shop:*=\(site.url){num}"],
            names.map { .init($0, group: "shop", pid: Int(sleeper.pid)) })
        try scene.tickAndRest()
        #expect(Set(try scene.supervisord.actions()).count == 2)
        let first = try #require(try scene.supervisord.actions().first).suffix(5)
        #expect(scene.tool.standardError.contains("\(first) is restarted first, as a test"))
        // The alert about the restart has what the site said.
        let body = try scene.mailbox.waitForMails(1)[0].body
        #expect(body.contains("expected: ") && body.contains("  the queue is full"))
        // If its check ends last, the others know of it only after one more tick.
        for _ in 0..<2 { try scene.tickAndRest() }
        let given = "restarting shop:\(first) did not help, "
        #expect(scene.tool.standardError.contains(given))
        try eventually("an alert about the others") {
            try scene.mailbox.mails().contains { $0["Subject"]?.contains(given) == true }
        }
        #expect(Set(try scene.supervisord.actions()).count == 2)
        // It is well now, so that the next one follows.
        try site.behave(
            .init(
                status: 503, reason: "No", paths: ["/\(first.suffix(1))": .init(status: 200)]))
        try scene.tickAndRest()
        try scene.tickAndRest()
        #expect(Set(try scene.supervisord.actions()).count == 4)
    }

    @Test(arguments: both)
    func `A budget survives the listener with a spool`(_ tool: Tool) throws {
        let options = ["--max-restarts", "1/1h", "--spool", directory.path("spool")]
        let scene = try scene(tool, options)
        try scene.tickAndRest()
        try scene.finish()
        let next = try self.scene(tool, options)
        try next.tickAndRest()
        #expect(try next.supervisord.actions().isEmpty)
        #expect(
            next.tool.standardError.contains(
                "web is not restarted: restart limit reached until "))
    }

    @Test(arguments: both)
    func `A start that is owed survives the listener with a spool`(_ tool: Tool) throws {
        let options = ["--spool", directory.path("spool")]
        let scene = try scene(tool, options, [web(start: 1_000_000)])
        try scene.supervisord.behave(
            .init(methods: ["startProcess": .fault(50, "SPAWN_ERROR: web")]))
        try scene.tickAndRest()
        try scene.finish()
        try site.behave(.init())
        let stopped = XMLRPCServer.Entry("web", pid: 0, start: 1_000_000)
        let next = try self.scene(tool, options, [stopped])
        try next.tickAndRest()
        #expect(try next.supervisord.actions() == ["startProcess web"])
        #expect(next.tool.standardError.contains("web restarted\n"))
    }

    @Test(arguments: both, [true, false])
    func `A start that has turned out done is reported`(_ tool: Tool, sameRun: Bool) throws {
        let options = ["--spool", directory.path("spool")]
        var scene = try scene(tool, options, [web(start: 1_000_000)])
        try scene.supervisord.behave(
            .init(methods: ["startProcess": .fault(50, "SPAWN_ERROR: web")]))
        try scene.tickAndRest()
        _ = try scene.mailbox.waitForMails(1)
        try site.behave(.init())
        // What becomes of it afterwards is known, unlike the response to the start.
        let running = [web(start: 1_000_010)]
        if sameRun {
            try scene.supervisord.set(running)
        } else {
            try scene.finish()
            scene = try self.scene(tool, options, running)
        }
        // memmon's limit is still exceeded, but that is a new process.
        try scene.tick()
        let mails = try eventually("a mail; \(scene.tool.standardError)") { () -> [Mail]? in
            let mails = try scene.mailbox.mails()
            let isDone = mails.contains { $0["Subject"]?.hasSuffix("web restarted") == true }
            return isDone ? mails : nil
        }
        #expect(mails.count >= (sameRun ? 2 : 1))
        #expect(scene.tool.standardError.contains("web restarted\n"))
        #expect(!scene.tool.standardError.contains("no longer retrying"))
    }

    @Test(arguments: both, [SIGKILL, SIGTERM])
    func `What an administrator stops while the listener is down is not started`(
        _ tool: Tool, signal: Int32
    ) throws {
        let ready = directory.path("ready")
        let go = directory.path("go")
        let before = try directory.writeProgram(
            "before", "#!/bin/sh\ntouch \(ready)\nwhile ! test -e \(go); do sleep 0.05; done\n")
        let options = ["--spool", directory.path("spool"), "--before", before]
        let scene = try scene(tool, options, [web(start: 1_000_000)])
        try scene.tick()
        try eventually("--before") { FileManager.default.fileExists(atPath: ready) }
        let workers = ProcessTree.descendants(of: scene.tool.process.pid)
        kill(scene.tool.process.pid, signal)
        _ = try scene.tool.process.waitForExit()
        let stopped = XMLRPCServer.Entry("web", pid: 0, start: 1_000_000)
        let next = try self.scene(tool, options, [stopped])
        try next.tickAndRest()
        #expect(try next.supervisord.actions().isEmpty)
        // Nor does what is left of the earlier listener act.
        _ = try directory.write("go", "")
        try eventually("the end of the workers") { !workers.contains(where: ProcessTree.isAlive) }
        #expect(try scene.supervisord.actions().isEmpty)
        #expect(!next.tool.standardError.contains("web restarted"))
    }

    @Test(arguments: both)
    func `A stop that is under way when the listener is killed is followed by a start`(
        _ tool: Tool
    ) throws {
        let options = ["--spool", directory.path("spool")]
        let scene = try scene(tool, options, [web(start: 1_000_000)])
        // It takes its time to stop.
        try scene.supervisord.behave(.init(methods: ["stopProcess": .hang()]))
        try scene.tick()
        try eventually("a stop") { try scene.supervisord.actions() == ["stopProcess web"] }
        try eventually("a record") {
            FileManager.default.enumerator(atPath: directory.path("spool"))?.contains {
                "\($0)".hasSuffix(".restarts")
            } == true
        }
        let workers = ProcessTree.descendants(of: scene.tool.process.pid)
        for pid in [scene.tool.process.pid] + workers { kill(pid, SIGKILL) }
        _ = try scene.tool.process.waitForExit()
        let next = try self.scene(
            tool, options, [XMLRPCServer.Entry("web", pid: 0, start: 1_000_000)])
        try site.behave(.init())
        try next.tickAndRest()
        try eventually("a start") { try next.supervisord.actions() == ["startProcess web"] }
    }

    @Test func `Without a spool, a start that is owed at the end is logged`() throws {
        let scene = try scene(.memmon, [])
        try scene.supervisord.behave(
            .init(methods: ["startProcess": .fault(50, "SPAWN_ERROR: web")]))
        try scene.tickAndRest()
        try scene.finish()
        #expect(
            scene.tool.standardError.contains("memmon: warning: exiting while web is down: run "))
    }

    @Test(arguments: both)
    func `A dry run tells, and does nothing`(_ tool: Tool) throws {
        let log = directory.path("log")
        let scene = try scene(tool, ["--dry-run", "--before", "/usr/bin/touch \(log)"])
        try scene.tickAndRest()
        #expect(try scene.supervisord.actions().isEmpty)
        #expect(scene.tool.standardError.contains("web is not restarted: dry run\n"))
        #expect(scene.mailbox.count == 1)
        #expect(!FileManager.default.fileExists(atPath: log))
    }

    @Test(arguments: both)
    func `Commands are told what happens, and the first one may refuse`(_ tool: Tool) throws {
        let before = try directory.writeProgram(
            "before",
            """
            #!/bin/sh
            env | grep ^SUPERLANCE_ >> \(directory.path("before.log"))
            test -e \(directory.path("go")) || exit 75

            """)
        let after = try directory.writeProgram(
            "after", "#!/bin/sh\necho \"$1 $SUPERLANCE_OUTCOME\" > \(directory.path("after.log"))\n"
        )
        let scene = try scene(tool, ["--before", before, "--after", "\(after) 'a b'"])
        for _ in 0..<3 { try scene.tickAndRest() }
        #expect(try scene.supervisord.actions().isEmpty)
        let reason = "\(tool.rawValue): web is not restarted: --before postponed it\n"
        #expect(scene.tool.standardError.components(separatedBy: reason).count == 2)
        #expect(directory.read("before.log").contains("SUPERLANCE_PROCESS=web\n"))
        #expect(directory.read("before.log").contains("SUPERLANCE_PID=\(sleeper.pid)\n"))
        _ = try directory.write("go", "")
        try scene.tickAndRest()
        #expect(try scene.supervisord.actions() == ["stopProcess web", "startProcess web"])
        #expect(directory.read("after.log") == "a b restarted\n")
    }

    @Test(arguments: both)
    func `Neither the alert nor the group waits for the last command`(_ tool: Tool) throws {
        let go = directory.path("go")
        let after = try directory.writeProgram(
            "after",
            "#!/bin/sh\nwhile ! test -e \(go); do sleep 0.05; done\n"
                + "echo \"$SUPERLANCE_OUTCOME\" >> \(directory.path("after.log"))\n")
        let names = ["web_0", "web_1"]
        let scene = try scene(
            tool, ["--after", after],
            names.map { .init($0, group: "shop", pid: Int(sleeper.pid)) })
        try scene.tick()
        try eventually("both restarts; \(scene.tool.standardError)") {
            try scene.supervisord.actions().count == 4
        }
        _ = try scene.mailbox.waitForMails(1)
        #expect(directory.read("after.log").isEmpty)
        _ = try directory.write("go", "")
        try scene.rest()
        #expect(directory.read("after.log") == "restarted\nrestarted\n")
    }

    @Test func `The last command runs although the listener ends before the start`() throws {
        let after = try directory.writeProgram(
            "after", "#!/bin/sh\necho \"$SUPERLANCE_OUTCOME\" > \(directory.path("after.log"))\n")
        let scene = try scene(.memmon, ["--after", after])
        try scene.supervisord.behave(.init(methods: ["startProcess": .delay(1, times: 1)]))
        try scene.tick()
        try scene.supervisord.waitForCall("startProcess")
        scene.tool.process.send(signal: SIGKILL)
        _ = try scene.tool.process.waitForExit()
        try eventually("--after") { directory.read("after.log") == "restarted\n" }
    }

    @Test(arguments: both)
    func `While it is silenced nothing is done and nobody is told`(_ tool: Tool) throws {
        let file = try directory.write("silence", "we?\n")
        let scene = try scene(tool, ["--silence", file])
        try scene.tickAndRest()
        #expect(try scene.supervisord.actions().isEmpty)
        #expect(scene.mailbox.attempts == 0)
        #expect(scene.tool.standardError.contains("web is not restarted: silenced until "))
        try FileManager.default.removeItem(atPath: file)
        try scene.tickAndRest()
        #expect(try scene.supervisord.actions().count == 2)
        #expect(scene.tool.standardError.contains("no longer silenced: we?\n"))
    }

    @Test(arguments: both)
    func `With --action alert nothing is stopped, and one alert is sent`(_ tool: Tool) throws {
        let scene = try scene(tool, ["--action", "alert"])
        for _ in 0..<2 { try scene.tickAndRest() }
        #expect(try scene.supervisord.actions().isEmpty)
        #expect(scene.mailbox.count == 1)
    }

    /// A minute twelve hours from now.
    private static var closedWindow: String {
        let format = DateFormatter()
        format.dateFormat = "HH:mm"
        let begin = Date().addingTimeInterval(43_200)
        let times = [begin, begin.addingTimeInterval(60)].map(format.string(from:))
        return times.joined(separator: "-").replacingOccurrences(of: "-00:00", with: "-24:00")
    }

    @Test(arguments: both, ["--restart-window", "--before", "--action"])
    func `What holds a restart holds no alert`(_ tool: Tool, option: String) throws {
        let peer = try HTTPSite()
        let values = [
            "--restart-window": Self.closedWindow, "--before": "/bin/sh -c 'exit 75'",
            "--action": "alert",
        ]
        var web = web()
        web.stderr = directory.path("web.err")
        try "first words\nlast words\n".write(
            toFile: directory.path("web.err"), atomically: false, encoding: .utf8)
        let scene = try scene(
            tool,
            [option, values[option] ?? "", "--failure-threshold", "2"]
                + ["--alertmanager", peer.url], [web])
        try scene.tickAndRest()
        #expect(scene.mailbox.attempts == 0)
        for _ in 0..<3 { try scene.tickAndRest() }
        #expect(try scene.supervisord.actions().isEmpty)
        let mails = try scene.mailbox.waitForMails(1)
        #expect(mails.count == 1)
        let reasons = [
            "--restart-window": "window opens ", "--before": "--before postponed it",
            "--action": "--action alert",
        ]
        let reason = reasons[option] ?? ""
        #expect(mails[0].body.contains("web is not restarted: \(reason)"))
        #expect(
            mails[0].body.contains(/last 2 lines of \S+\/web\.err:\n  first words\n  last words\n/))
        if tool == .memmon {
            #expect(mails[0].body.contains("memory over the last 2 ticks, limit 1 byte:\n"))
        }
        let alert = tool == .httpok ? "HTTPCheckFailed" : "MemoryLimitExceeded"
        try peer.waitForRequests(1)
        #expect(try peer.requests()[0].body.contains(#""alertname":"\#(alert)""#))
        let line = "\(tool.rawValue): web is not restarted: \(reason)"
        #expect(scene.tool.standardError.components(separatedBy: line).count == 2)
    }

    /// Two sites of one program, both of which fail.
    private func twoSites(_ options: [String], delay: Double? = nil) throws -> (Scene, HTTPSite) {
        let other = try HTTPSite()
        try other.behave(.init(status: 500, reason: "Other", delay: delay))
        let scene = try Scene(
            .httpok, options + ["web=\(site.url)a", "web=\(other.url)b"], [web()])
        return (scene, other)
    }

    @Test func `Two sites of one program that fail are one restart, with both of them`() throws {
        let peer = try HTTPSite()
        let before = try directory.writeProgram(
            "before", "#!/bin/sh\necho \"$SUPERLANCE_REASON\" > \(directory.path("reason"))\n")
        let (scene, other) = try twoSites(["--before", before, "--alertmanager", peer.url])
        try scene.tickAndRest()
        #expect(try scene.supervisord.actions() == ["stopProcess web", "startProcess web"])
        let mails = try scene.mailbox.waitForMails(1)
        #expect(mails.count == 1)
        #expect(mails[0].body.contains("status contacting \(site.url)a: 503 No\n"))
        #expect(mails[0].body.contains("status contacting \(other.url)b: 500 Other\n"))
        #expect(mails[0].body.contains("web restarted"))
        let reasons = directory.read("reason").split(separator: "\n").sorted()
        #expect(
            reasons.map(String.init)
                == [
                    "web=\(site.url)a: status 503 No", "web=\(other.url)b: status 500 Other",
                ].sorted())
        try eventually("both at Alertmanager") {
            let bodies = try peer.requests().map(\.body).joined()
            return bodies.contains(#""url":"\#(site.url)a""#)
                && bodies.contains(#""url":"\#(other.url)b""#)
        }
    }

    @Test func `A site whose check ends during the restart for another one is reported with it`()
        throws
    {
        let (scene, other) = try twoSites([], delay: 1)
        try scene.supervisord.behave(.init(methods: ["stopProcess": .delay(3, times: 1)]))
        try scene.tickAndRest()
        let mails = try scene.mailbox.waitForMails(1)
        #expect(mails.count == 1)
        #expect(mails[0].body.contains("status contacting \(site.url)a: 503 No\n"))
        #expect(mails[0].body.contains("status contacting \(other.url)b: 500 Other\n"))
    }

    @Test func `A site that fails when restarts have not helped another one is reported`() throws {
        let (scene, other) = try twoSites(["--max-restarts", "1/1h"])
        try other.behave(.init())
        try scene.tickAndRest()
        try scene.supervisord.set([web(start: 1_000_001)])
        for _ in 0..<2 { try scene.tickAndRest() }
        _ = try scene.mailbox.waitForMails(2)
        try other.behave(.init(status: 500, reason: "Other"))
        for _ in 0..<2 { try scene.tickAndRest() }
        let mails = try scene.mailbox.waitForMails(3)
        #expect(mails.count == 3)
        #expect(mails[1]["Subject"] == "httpok: gave up on web")
        #expect(mails[2]["Subject"] == "httpok: \(other.url)b: bad status returned")
        #expect(mails[2].body.contains("web is not restarted: restart limit reached until "))
    }

    @Test func `With --action alert the alert has the answer, and ends when the site is well`()
        throws
    {
        try site.behave(.init(status: 503, reason: "No", body: "the queue is full"))
        let peer = try HTTPSite()
        let scene = try scene(
            .httpok, ["--action", "alert", "--recovered", "--alertmanager", peer.url])
        for _ in 0..<2 { try scene.tickAndRest() }
        let reason = "web is not restarted: --action alert\n"
        #expect(scene.tool.standardError.components(separatedBy: "httpok: \(reason)").count == 2)
        let mail = try scene.mailbox.waitForMails(1)[0]
        #expect(mail["Subject"] == "httpok: \(site.url): bad status returned")
        #expect(
            mail.body.contains(
                "status contacting \(site.url): 503 No\nnow: running: --action alert\n\(reason)"))
        #expect(mail.body.contains("expected: ") && mail.body.contains("  the queue is full"))
        try site.behave(.init())
        try scene.tickAndRest()
        #expect(try scene.mailbox.waitForMails(2)[1].told.contains("is healthy again"))
        try peer.waitForRequests(2)
        let bodies = try peer.requests().map(\.body)
        #expect(bodies[0].prefix { $0 != "}" } == bodies[1].prefix { $0 != "}" })
        #expect(bodies[1].contains(" recovered"))
    }

    /// A program that stops slowly keeps the restarts going while the next tick arrives.
    @Test func `A site that fails while its programs are restarted restarts none of them twice`()
        throws
    {
        let names = (0...2).map { "web_\($0)" }
        let scene = try Scene(
            .httpok, ["-p", "shop:*", site.url],
            names.map { .init($0, group: "shop", pid: Int(sleeper.pid)) })
        try scene.supervisord.behave(
            .init(methods: ["stopProcess shop:web_1": .delay(2, times: 1)]))
        try scene.tick()
        try scene.supervisord.waitForCall("stopProcess shop:web_1")
        try scene.tickAndRest()
        let once = names.flatMap { ["stopProcess shop:\($0)", "startProcess shop:\($0)"] }
        #expect(try scene.supervisord.actions() == once)
        #expect(scene.mailbox.count == 1)
        try scene.tickAndRest()
        #expect(try scene.supervisord.actions() == once + once)
        let mails = try scene.mailbox.waitForMails(2)
        for mail in mails {
            for name in names { #expect(mail.told.contains("shop:\(name) restarted\n")) }
        }
    }

    @Test func `A start that fails is reported although others wait for it`() throws {
        let entries = (0...1).map { number in
            XMLRPCServer.Entry("web_\(number)", group: "shop", pid: Int(sleeper.pid))
        }
        let scene = try Scene(
            .httpok, ["--reminder", "1s", "-p", "shop:*", site.url], entries)
        try scene.supervisord.behave(
            .init(methods: ["startProcess": .fault(50, "SPAWN_ERROR: shop:web_0")]))
        try scene.tickAndRest()
        let mail = try scene.mailbox.waitForMails(1)[0]
        #expect(mail.body.contains("shop:web_0: down: start failed, retrying: "))
        #expect(mail.body.contains("shop:web_1: waiting for its restart"))
        let reason =
            "shop:web_1 is not restarted: another process in the group is down (shop:web_0)"
        try eventually("a reminder") {
            try scene.tickAndRest()
            return try scene.mailbox.mails().contains { $0.body.contains(reason) }
        }
        #expect(try scene.supervisord.actions().allSatisfy { !$0.hasSuffix("web_1") })
    }

    @Test func `A program that someone stops before its turn is not reported as healthy`() throws {
        func entries(lastPID: Int) -> [XMLRPCServer.Entry] {
            (0...2).map { number in
                let pid = number == 2 ? lastPID : Int(sleeper.pid)
                return .init("web_\(number)", group: "shop", pid: pid, start: 1_000_000)
            }
        }
        let scene = try Scene(
            .httpok, ["-p", "shop:*", site.url], entries(lastPID: Int(sleeper.pid)))
        try scene.supervisord.behave(
            .init(methods: ["stopProcess shop:web_0": .delay(2, times: 1)]))
        try scene.tick()
        try scene.supervisord.waitForCall("stopProcess shop:web_0")
        try scene.supervisord.set(entries(lastPID: 0))
        try scene.tickAndRest()
        let mail = try scene.mailbox.waitForMails(1)[0]
        #expect(mail.body.contains("shop:web_2: not restarted: it is STOPPED"))
        #expect(mail.body.contains("shop:web_2 is not restarted: it is STOPPED\n"))
        #expect(!mail.body.contains("healthy"))
        #expect(try !scene.supervisord.actions().contains { $0.hasSuffix("shop:web_2") })
    }

    @Test(arguments: [
        (["--before", "/bin/sh -c 'exit 75'"], "--before postponed it"),
        (["--action", "alert"], "--action alert"),
    ])
    func `A failed program that is not started has one alert and one line`(
        _ options: [String], _ reason: String
    ) throws {
        try site.behave(.init())
        var dead = XMLRPCServer.Entry("dead", pid: 0, state: 200, statename: "FATAL")
        dead.spawnerr = "Exited too quickly (process log may have details)"
        let scene = try scene(.httpok, ["-x"] + options, [dead])
        for _ in 0..<3 { try scene.tickAndRest() }
        #expect(try scene.supervisord.actions().isEmpty)
        let mails = try scene.mailbox.waitForMails(1)
        #expect(mails.count == 1)
        #expect(mails[0]["Subject"] == "httpok: dead is not started")
        #expect(mails[0].body.contains("dead is not started: \(reason)\nnow: FATAL, not started\n"))
        #expect(mails[0].body.contains("Exited too quickly"))
        let line = "httpok: dead is not started: \(reason)\n"
        #expect(scene.tool.standardError.components(separatedBy: line).count == 2)
    }

    @Test func `A start that fails is reported although an earlier one was`() throws {
        try site.behave(.init())
        let dead = XMLRPCServer.Entry("dead", pid: 0, state: 200, statename: "FATAL")
        let scene = try scene(.httpok, ["-x", "--cooldown", "1h"], [dead])
        try scene.tickAndRest()
        try scene.supervisord.set([dead])
        try scene.supervisord.behave(
            .init(methods: ["startProcess": .fault(50, "SPAWN_ERROR: dead")]))
        for _ in 0..<2 { try scene.tickAndRest() }
        let mails = try scene.mailbox.waitForMails(2)
        #expect(mails.count == 2)
        #expect(mails[0].body.contains("\nnow: started\n"))
        #expect(mails[1].body.contains("\nnow: down: start failed: "), "\(mails[1].body)")
    }

    @Test func `Starts that do not help are given up as starts, with the reason`() throws {
        try site.behave(.init())
        var dead = XMLRPCServer.Entry("dead", pid: 0, state: 200, statename: "FATAL")
        dead.spawnerr = "Exited too quickly (process log may have details)"
        let scene = try scene(.httpok, ["-x", "--max-restarts", "1/1h"], [dead])
        for _ in 0..<2 {
            try scene.supervisord.set([dead])
            try scene.tickAndRest()
        }
        let mails = try scene.mailbox.waitForMails(2)
        #expect(mails[1].told.hasPrefix("gave up on dead: 1 start in 1 h has not helped; next"))
        #expect(mails[1].body.contains("Exited too quickly"), "\(mails[1].body)")
    }

    @Test func `A dry run says of a start once that it is none`() throws {
        try site.behave(.init())
        let dead = XMLRPCServer.Entry("dead", pid: 0, state: 200, statename: "FATAL")
        let scene = try scene(.httpok, ["-x", "--dry-run"], [dead])
        try scene.tickAndRest()
        #expect(scene.tool.standardError.contains("dead not started: dry run\n"))
        #expect(!scene.tool.standardError.contains("is not restarted"))
    }

    /// The check fails because the program is down.
    @Test func `A failed program is started although its check fails at once`() throws {
        let dead = XMLRPCServer.Entry("dead", pid: 0, state: 200, statename: "FATAL")
        let scene = try scene(.httpok, ["-x"], [dead])
        for count in 1...2 {
            try scene.tickAndRest()
            let starts = Array(repeating: "startProcess dead", count: count)
            #expect(try scene.supervisord.actions() == starts)
            try scene.supervisord.set([dead])
        }
    }

    @Test(arguments: [["-p", "dead"], []])
    func `A site whose programs are left alone is reported as often as the threshold says`(
        _ options: [String]
    ) throws {
        let dead = XMLRPCServer.Entry("dead", pid: 0, state: 200, statename: "FATAL")
        let scene = try Scene(
            .httpok, ["--failure-threshold", "2/3"] + options + [site.url], [dead])
        func check(_ status: Int) throws {
            try site.behave(.init(status: status))
            try scene.tickAndRest()
        }
        for status in [503, 200, 200, 503, 200] { try check(status) }
        #expect(scene.mailbox.attempts == 0)
        try check(503)
        #expect(try scene.mailbox.waitForMails(1).count == 1)
    }

    @Test func `A site that fails now and then is given up once for each reminder`() throws {
        let peer = try HTTPSite()
        let scene = try scene(.httpok, ["--max-restarts", "1/1h", "--alertmanager", peer.url])
        func check(_ status: Int) throws {
            try site.behave(.init(status: status))
            try scene.tickAndRest()
        }
        try check(503)
        try scene.supervisord.set([web(start: 1_000_001)])
        for _ in 0..<3 {
            try check(503)
            try check(200)
        }
        let subjects = try scene.mailbox.waitForMails(4).map { $0["Subject"] }
        let failed = "httpok: \(site.url): bad status returned"
        #expect(subjects == [failed, "httpok: gave up on web", failed, failed])
        // Who shows what is active follows each change.
        let alerts = try peer.requests().map(\.body).filter {
            $0.contains(#""alertname":"RestartsNotHelping""#)
        }
        let isEnd = alerts.map { $0.contains(" recovered") }
        #expect(isEnd == [false, true, false, true, false, true])
        let line = "the alert about web is resolved; its restart limit is reached until "
        #expect(scene.tool.standardError.contains(line))
        #expect(!scene.tool.standardError.contains("may be restarted again"))
    }

    @Test func `With several URLs a process that is given up has one alert for each reminder`()
        throws
    {
        let (scene, other) = try twoSites(["--max-restarts", "1/1h", "--reminder", "1s"])
        try scene.tickAndRest()
        try scene.supervisord.set([web(start: 1_000_001)])
        let mails = try eventually("two reminders") { () -> [Mail]? in
            try scene.tickAndRest()
            let mails = try scene.mailbox.mails()
            return mails.count > 3 ? mails : nil
        }
        #expect(mails[1...].allSatisfy { $0["Subject"] == "httpok: gave up on web" })
        for mail in mails[2...] {
            #expect(mail.body.contains("\(site.url)a: "), "\(mail.body)")
            #expect(mail.body.contains("\(other.url)b: status 500"), "\(mail.body)")
        }
    }

    @Test func `A first process that is down after its restart is reported as down`() throws {
        let scene = try Scene(
            .httpok, ["shop:*=\(site.url){num}"],
            (0...1).map { .init("web_\($0)", group: "shop", pid: Int(sleeper.pid)) })
        try scene.tickAndRest()
        let first = try #require(try scene.supervisord.actions().first).suffix(5)
        try scene.supervisord.set(
            (0...1).map { number in
                let name = "web_\(number)"
                return name == first
                    ? .init(name, group: "shop", pid: 0, state: 200, statename: "FATAL")
                    : .init(name, group: "shop", pid: Int(sleeper.pid))
            })
        let mail = try eventually("an alert about the other one") { () -> Mail? in
            try scene.tickAndRest()
            return try scene.mailbox.mails().first {
                $0["Subject"]?.contains("restarting shop:\(first) did not help, ") == true
            }
        }
        #expect(mail.body.contains("\nnow: FATAL\n"))
    }

    @Test(arguments: both)
    func `A silence that begins during --before prevents the restart`(_ tool: Tool) throws {
        let file = directory.path("silence")
        let text = try directory.write("text", "web\n")
        let scene = try scene(tool, ["--silence", file, "--before", "/bin/cp \(text) \(file)"])
        try scene.tickAndRest()
        #expect(try scene.supervisord.actions().isEmpty)
        #expect(scene.mailbox.attempts == 0)
        #expect(scene.tool.standardError.contains("web is not restarted: silenced until "))
        try FileManager.default.removeItem(atPath: file)
    }

    @Test func `A listener that ends while its programs are restarted reports what it has done`()
        throws
    {
        let names = (0...2).map { "web_\($0)" }
        let scene = try Scene(
            .httpok, ["-p", "shop:*", site.url],
            names.map { .init($0, group: "shop", pid: Int(sleeper.pid)) })
        try scene.supervisord.behave(
            .init(methods: ["stopProcess shop:web_1": .delay(1, times: 1)]))
        try scene.tick()
        try scene.supervisord.waitForCall("stopProcess shop:web_1")
        try scene.finish()
        let mails = try scene.mailbox.waitForMails(1)
        #expect(mails.count == 1)
        for name in names[..<2] { #expect(mails[0].told.contains("shop:\(name) restarted\n")) }
        let line = "shop:web_2 is not restarted: this listener is exiting\n"
        #expect(mails[0].told.contains(line))
        #expect(scene.tool.standardError.contains(line))
    }

    @Test(arguments: both)
    func `With --action stop it stays stopped`(_ tool: Tool) throws {
        let scene = try scene(tool, ["--action", "stop"])
        for _ in 0..<2 { try scene.tickAndRest() }
        #expect(try scene.supervisord.actions() == ["stopProcess web"])
    }

    @Test func `Who was stopped for good is reported once, not at each failed check`() throws {
        let scene = try scene(.httpok, ["--action", "stop"])
        try scene.tickAndRest()
        try scene.supervisord.set([.init("web", pid: 0)])
        for _ in 0..<3 { try scene.tickAndRest() }
        #expect(scene.mailbox.count == 1)
        #expect(try scene.mailbox.mails()[0].body.contains("now: stopped by httpok\n"))
    }

    @Test(arguments: both, ["getProcessInfo", "stopProcess", "startProcess"])
    func `A shutdown of supervisord during a restart alerts nobody`(
        _ tool: Tool, method: String
    ) throws {
        let peer = try HTTPSite()
        let names = ["web_0", "web_1"]
        let scene = try scene(
            tool, ["--alertmanager", peer.url],
            names.map { .init($0, group: "shop", pid: Int(sleeper.pid)) })
        try scene.supervisord.behave(.init(methods: [method: .fault(6, "SHUTDOWN_STATE")]))
        try scene.tickAndRest()
        #expect(scene.mailbox.attempts == 0)
        #expect(try peer.requests().isEmpty)
        let line = "\(tool.rawValue): shop:web_0 is not restarted: supervisord is shutting down\n"
        #expect(scene.tool.standardError.contains(line))
    }

    @Test(arguments: ["", "{8000+num}"], [true, false])
    func `The failed check of a process that is removed, or stopped by someone, ends`(
        path: String, isRemoved: Bool
    ) throws {
        let peer = try HTTPSite()
        let metrics = directory.path("metrics")
        let entry = { [sleeper] (isRunning: Bool) in
            XMLRPCServer.Entry("web_1", group: "shop", pid: isRunning ? Int(sleeper.pid) : 0)
        }
        let scene = try Scene(
            .httpok,
            [
                "--action", "alert", "--alertmanager", peer.url, "--metrics", metrics,
                "shop:*=\(site.url)\(path)",
            ], [entry(true)])
        try scene.tickAndRest()
        try peer.waitForRequests(1)
        let held = #"process="web_1",reason="alert_only""#
        try eventually("metrics") { directory.read("metrics").contains(held) }
        try scene.supervisord.set(isRemoved ? [] : [entry(false)])
        for _ in 0..<2 { try scene.tickAndRest() }
        try eventually("no metrics") { !directory.read("metrics").contains(held) }
        // The site of a program that is down is still checked.
        let isOver = isRemoved || !path.isEmpty
        if isOver { try peer.waitForRequests(2) }
        // Active alerts are repeated.
        let requests = try peer.requests()
        #expect(requests.contains { $0.body.contains(" is no longer checked") } == isOver)
        #expect(!requests.contains { $0.body.contains(" recovered") })
    }

    @Test(arguments: both)
    func `Whoever was restarted by somebody since the look is left alone`(_ tool: Tool) throws {
        let scene = try scene(tool, [], [web(start: 1_000_000)])
        try scene.supervisord.behave(.init(methods: ["getProcessInfo": .delay(1, times: 1)]))
        try scene.tick()
        try scene.supervisord.waitForCall("getProcessInfo")
        try scene.supervisord.set([web(start: 1_000_100)])
        try scene.rest()
        #expect(try scene.supervisord.actions().isEmpty)
        #expect(
            scene.tool.standardError.contains("web is not restarted: it was restarted meanwhile\n"))
    }

    @Test(arguments: both)
    func `Whoever was stopped by somebody since the look stays stopped`(_ tool: Tool) throws {
        let scene = try scene(tool, [], [web(start: 1_000_000)])
        try scene.supervisord.behave(.init(methods: ["getProcessInfo": .delay(1, times: 1)]))
        try scene.tick()
        try scene.supervisord.waitForCall("getProcessInfo")
        try scene.supervisord.set([.init("web", pid: 0, start: 1_000_000)])
        try scene.rest()
        for _ in 0..<2 { try scene.tickAndRest() }
        #expect(try scene.supervisord.actions().isEmpty)
    }

    @Test func `Eight of a group are restarted one after the other`() throws {
        let names = (0..<8).map { "web_\($0)" }
        let scene = try scene(
            .memmon, [], names.map { .init($0, group: "shop", pid: Int(sleeper.pid)) })
        try scene.supervisord.behave(.init(methods: ["startProcess": .delay(0.1)]))
        try scene.tick()
        try eventually("the last start", within: .seconds(60)) {
            (try? scene.supervisord.actions().count) == 2 * names.count
        }
        #expect(
            try scene.supervisord.actions()
                == names.flatMap { ["stopProcess shop:\($0)", "startProcess shop:\($0)"] })
    }

    @Test func `A program that has failed by itself is started, a stopped one is not`() throws {
        try site.behave(.init())
        let scene = try Scene(
            .httpok, ["-x", "-a", site.url],
            [
                .init("dead", pid: 0, state: 200, statename: "FATAL"), .init("off", pid: 0),
                .running("web"),
            ])
        try scene.tickAndRest()
        #expect(try scene.supervisord.actions() == ["startProcess dead"])
        #expect(try scene.onlyBody().contains("dead was in FATAL state\ndead started\n"))
    }

    @Test(arguments: [
        (["--failure-threshold", "3/2"], "--failure-threshold requires "),
        (["--max-restarts", "0"], "--max-restarts requires a number of restarts from 1 to 1000"),
        (["--restart-window", "2-5"], "--restart-window requires a time from 00:00 to 24:00"),
        (["--presignal", "USR3"], "--presignal requires a signal such as USR1 at character 1"),
        (["--before", "a 'b"], "--before requires a closing quote at character 3 of 'a 'b'"),
    ])
    func `A wrong value ends it with status 64, and names the place`(
        _ options: [String], _ words: String
    ) throws {
        for tool in Self.both {
            let rest = tool == .httpok ? ["-a", site.url] : ["-a", "1"]
            let running = try RunningTool(
                tool, options + rest, serverURL: "unix:///nonexistent/supervisor.sock")
            #expect(try running.process.waitForExit() == .exited(64))
            #expect(running.standardError.hasPrefix("\(tool.rawValue): error: \(words)"))
        }
    }
}

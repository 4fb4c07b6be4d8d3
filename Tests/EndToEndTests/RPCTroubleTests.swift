import Glibc
import TestSupport
import Testing

/// How httpok and memmon handle failures and rejections of the RPC.
@Suite struct RPCTroubleTests {
    private let sleeper: ChildProcess
    private let site: HTTPSite

    init() throws {
        sleeper = try ChildProcess(["/bin/sleep", "86400"])
        site = try HTTPSite()
        try site.behave(.init(status: 503, reason: "No"))
    }

    /// A tool that finds `web` and `job` unhealthy.
    private func scene(
        _ tool: Tool, _ names: [String] = ["web"],
        transport: XMLRPCServer.Transport = .unix, environment: [String: String] = [:]
    ) throws -> Scene {
        try Scene(
            tool, tool == .httpok ? ["-t", "5", "-a", site.url] : ["-a", "1"],
            names.map { .init($0, pid: Int(sleeper.pid)) }, transport: transport,
            environment: environment)
    }

    private static let both = [Tool.httpok, .memmon]

    /// The text before the reason when the process table is not available.
    private func preface(_ tool: Tool) -> String {
        tool == .httpok
            ? "Exception retrieving process info "
            : "memmon: warning: cannot get the processes, retrying: "
    }

    // MARK: No process table

    private static let troubles: [(XMLRPCServer.Behaviour, String)] = [
        (
            .init(user: "lance", password: "right"),
            "supervisord rejected the login: set SUPERVISOR_USERNAME and SUPERVISOR_PASSWORD in "
                + "this listener's environment="
        ),
        (.init(status: 404), "returned 404 Not Found: check the address of supervisord"),
        (.init(status: 500), "returned 500 Internal Server Error"),
        (.init(garbage: "<html>welcome to nginx</html>"), "returned no valid XML-RPC response: "),
        (.init(garbage: ""), "returned no valid XML-RPC response: "),
        (.init(garbage: "\u{0}\u{1}网站"), "returned no valid XML-RPC response: "),
        (
            .init(
                garbage: "<!DOCTYPE a [<!ENTITY b 'c'>]><methodResponse><params><param><value>"
                    + "&b;</value></param></params></methodResponse>"),
            "returned no valid XML-RPC response: "
        ),
        (
            .init(
                garbage: "<methodResponse><params><param><value>no array</value></param></params>"
                    + "</methodResponse>"), "returned no array for getAllProcessInfo"
        ),
        (.init(truncated: true), "returned no valid XML-RPC response: "),
        (.init(huge: true), "supervisord's response is larger than 16777216 bytes"),
        (.init(methods: ["getAllProcessInfo": .drop()]), " broke: "),
        (
            .init(methods: ["getAllProcessInfo": .fault(1, "UNKNOWN_METHOD")]),
            "supervisord has no such method: add [rpcinterface:supervisor] to supervisord.conf"
        ),
    ]

    @Test(arguments: both)
    func `While supervisord shuts down nothing is done, and nobody is told`(_ tool: Tool) throws {
        let scene = try scene(tool)
        try scene.supervisord.behave(
            .init(methods: ["getAllProcessInfo": .fault(6, "SHUTDOWN_STATE")]))
        try scene.tickAndRest()
        let log = scene.tool.standardError
        #expect(log.contains("supervisord is shutting down") || log.contains("SHUTDOWN_STATE"))
        #expect(try scene.supervisord.actions().isEmpty)
        #expect(scene.mailbox.attempts == 0)
        try scene.finish()
    }

    @Test(arguments: [
        (XMLRPCServer.Rule.fault(6, "SHUTDOWN_STATE"), false), (.fault(30, "FAILED"), true),
    ])
    func `A shutdown of supervisord is no failure to call it`(
        rule: XMLRPCServer.Rule, isFailure: Bool
    ) throws {
        let scene = try Scene(.crashmail, ["-m", "ops@example.org"], [])
        try scene.supervisord.behave(.init(methods: ["getState": rule]))
        try scene.tickAndRest()
        let log = scene.tool.wholeLog
        #expect(log.contains("cannot call supervisord: ") == isFailure, "\(log)")
        try scene.finish()
    }

    @Test(arguments: both, troubles)
    func `Without a table of processes it says why, does nothing and looks again`(
        _ tool: Tool, _ trouble: (behaviour: XMLRPCServer.Behaviour, words: String)
    ) throws {
        let scene = try scene(tool)
        try scene.supervisord.behave(trouble.behaviour)
        try scene.tick()
        try scene.tick()
        try scene.rest()
        let line = scene.tool.standardError.split(separator: "\n").first {
            $0.hasPrefix(preface(tool))
        }
        #expect(try #require(line).contains(trouble.words))
        #expect(try scene.supervisord.actions().isEmpty)

        try scene.supervisord.behave(.init())
        try scene.tickAndRest()
        #expect(try scene.supervisord.actions() == ["stopProcess web", "startProcess web"])
        try scene.finish()
    }

    @Test func `A supervisord that hangs is given up after ten seconds, and asked again`() throws {
        let scene = try scene(.memmon)
        try scene.supervisord.behave(.init(methods: ["getAllProcessInfo": .hang(times: 1)]))
        for _ in 0..<3 { try scene.tick() }
        try scene.rest()
        #expect(
            scene.tool.standardError.contains(
                "\(preface(.memmon))\(scene.supervisord.url) did not respond within 10 s\n"))
        #expect(try scene.supervisord.actions().isEmpty)
        try scene.tickAndRest()
        #expect(try scene.supervisord.actions() == ["stopProcess web", "startProcess web"])
    }

    @Test(arguments: both)
    func `A socket that is gone is told with its path, until it is there again`(
        _ tool: Tool
    ) throws {
        let scene = try scene(tool)
        try scene.supervisord.stop()
        try scene.tickAndRest()
        let path = scene.supervisord.url.dropFirst("unix://".count)
        try scene.tool.waitForError(
            preface(tool) + "there is no socket \(path): "
                + "check file= in [unix_http_server]")
        try scene.supervisord.start()
        try scene.tickAndRest()
        #expect(try scene.supervisord.actions() == ["stopProcess web", "startProcess web"])
    }

    @Test(arguments: both)
    func `A port where nobody listens is told`(_ tool: Tool) throws {
        let scene = try scene(tool, transport: .tcp)
        try scene.supervisord.stop()
        try scene.tickAndRest()
        try scene.tool.waitForError(
            preface(tool) + "nothing listens on \(scene.supervisord.url): "
                + "check port= in [inet_http_server]")
    }

    @Test(arguments: both)
    func `A login that supervisord takes is used`(_ tool: Tool) throws {
        let scene = try scene(
            tool,
            environment: ["SUPERVISOR_USERNAME": "lance", "SUPERVISOR_PASSWORD": "p:w @网"])
        try scene.supervisord.behave(.init(user: "lance", password: "p:w @网"))
        try scene.tickAndRest()
        #expect(try scene.supervisord.actions() == ["stopProcess web", "startProcess web"])
        #expect(!scene.tool.standardError.contains("p:w"))
    }

    /// The URL is a web site whose log shows whether the certificate was accepted.
    @Test(arguments: both)
    func `A way by https is verified against the authorities that were named`(_ tool: Tool) throws {
        let supervisord = try HTTPSite(tls: true)
        let authority = try #require(supervisord.certificate).authority
        let arguments = tool == .httpok ? ["-a", site.url] : ["-a", "1"]
        for (option, words) in [
            (["--cacert", authority], "returned no valid XML-RPC response: "), ([], "certificate"),
        ] {
            let running = try RunningTool(tool, arguments + option, serverURL: supervisord.url)
            try running.waitForReady()
            try running.handle(.tick(60))
            try running.waitForError(preface(tool) + "https://127.0.0.1:\(supervisord.port)")
            try running.waitForError(words)
            #expect(try running.finish() == .exited(0))
        }
    }

    @Test(arguments: both)
    func `A connection that breaks once while it only asks is made again`(_ tool: Tool) throws {
        let scene = try scene(tool)
        try scene.supervisord.behave(.init(methods: ["getAllProcessInfo": .drop(times: 1)]))
        try scene.tickAndRest()
        #expect(try scene.supervisord.actions() == ["stopProcess web", "startProcess web"])
    }

    @Test(arguments: both)
    func `A thousand processes are no trouble`(_ tool: Tool) throws {
        let names = (1...999).map { "p\($0)" }
        let scene = try Scene(
            tool, tool == .httpok ? ["-p", "p500", site.url] : ["-p", "p500=1", "-a", "1GB"],
            names.map { .init($0, group: "众", pid: Int(sleeper.pid)) } + [.init("last", pid: 0)])
        try scene.tickAndRest()
        #expect(try scene.supervisord.actions() == ["stopProcess 众:p500", "startProcess 众:p500"])
    }

    // MARK: Rejections

    @Test func `httpok tells of a stop that is refused, and starts all the same`() throws {
        let scene = try scene(.httpok, ["web", "job"])
        try scene.supervisord.behave(
            .init(methods: ["stopProcess web": .fault(70, "NOT_RUNNING: web")]))
        try scene.supervisord.set([
            .init("web", pid: 0, state: 20, statename: "RUNNING"), .running("job"),
        ])
        try scene.tickAndRest()
        #expect(
            try scene.onlyBody().hasSuffix(
                """
                web is in RUNNING state, restarting
                Failed to stop process web: <Fault 70: 'NOT_RUNNING: web'>
                Failed to start process web: <Fault 60: 'ALREADY_STARTED: web'>
                job is in RUNNING state, restarting
                job restarted

                """))
    }

    @Test func `What ended by itself before the stop is started`() throws {
        let scene = try scene(.httpok)
        try scene.supervisord.behave(.init(methods: ["stopProcess": .delay(1)]))
        try scene.tick()
        try scene.supervisord.waitForCall("stopProcess web")
        try scene.supervisord.set([.init("web", pid: 0, state: 100, statename: "EXITED")])
        try scene.rest()
        #expect(
            try scene.onlyBody().hasSuffix(
                """
                Failed to stop process web: <Fault 70: 'NOT_RUNNING: web'>
                web restarted

                """))
    }

    @Test func `httpok tells of a start that is refused, and tries it again`() throws {
        let scene = try scene(.httpok, ["web", "job"])
        try scene.supervisord.behave(
            .init(methods: ["startProcess web": .fault(50, "SPAWN_ERROR: web", times: 3)]))
        try scene.tickAndRest()
        #expect(
            try scene.onlyBody().hasSuffix(
                """
                web is in RUNNING state, restarting
                Failed to start process web: <Fault 50: 'SPAWN_ERROR: web'>
                job is in RUNNING state, restarting
                job restarted

                """))
        try site.behave(.init())
        for _ in 0..<2 {
            try scene.tickAndRest()
            #expect(scene.mailbox.count == 1)
        }
        try scene.tickAndRest()
        let mails = try scene.mailbox.waitForMails(2)
        #expect(mails[1]["Subject"] == "httpok: \(site.url): web restarted")
        #expect(mails[1].told == "web restarted\n")
        try scene.tickAndRest()
        #expect(try scene.supervisord.calls().count { $0 == "startProcess web" } == 4)
        #expect(try scene.supervisord.calls().count { $0 == "stopProcess web" } == 1)
        #expect(scene.mailbox.count == 2)
    }

    @Test func `memmon tells of a stop that is refused, and tries again with the next tick`() throws
    {
        let scene = try scene(.memmon, ["web", "job"])
        try scene.supervisord.behave(
            .init(methods: ["stopProcess web": .fault(30, "FAILED: unknown problem <killing> web")])
        )
        try scene.tickAndRest()
        let size = try #require(
            scene.tool.standardError.firstMatch(of: /RSS of web:web is (\d+)/)?.1)
        let mail = try #require(
            try scene.mailbox.waitForMails(2).first { $0["Subject"]?.contains("stop") == true })
        #expect(mail["Subject"] == "memmon: failed to stop process web:web, will try again")
        #expect(
            mail.told == "Failed to stop process web:web (RSS \(size)), will try again: "
                + "<Fault 30: 'FAILED: unknown problem <killing> web'>\n")
        #expect(try scene.supervisord.actions().contains("startProcess job"))
        #expect(try !scene.supervisord.actions().contains("startProcess web"))
        #expect(scene.tool.standardError.contains("\n\(mail.told)"))
        try scene.supervisord.behave(.init())
        try scene.tickAndRest()
        #expect(
            try scene.supervisord.actions().suffix(2) == ["stopProcess web", "startProcess web"])
    }

    @Test(arguments: [false, true])
    func `memmon promises no retry of a start that fails while it exits`(hasSpool: Bool) throws {
        let folder = try TemporaryDirectory()
        let scene = try Scene(
            .memmon, ["-a", "1"] + (hasSpool ? ["--spool", folder.path("spool")] : []),
            [.init("web", pid: Int(sleeper.pid))])
        try scene.supervisord.behave(
            .init(methods: [
                "stopProcess": .delay(0.5), "startProcess": .fault(50, "SPAWN_ERROR: web"),
            ]))
        try scene.tick()
        try scene.supervisord.waitForCall("stopProcess")
        #expect(try scene.tool.finish() == .exited(0))
        let mail = try scene.mailbox.waitForMails(1)[0]
        #expect(mail["Subject"] == "memmon: failed to start process web:web")
        let advice = ": run 'supervisorctl start web:web'"
        let end = hasSpool ? ", and its next run tries again" : advice
        let line =
            "Failed to start process web:web after stopping it: <Fault 50: 'SPAWN_ERROR: web'>; "
            + "this listener is exiting\(end)\n"
        #expect(mail.body.hasPrefix(line))
        #expect(scene.tool.standardError.contains(line))
        #expect(!mail.body.contains("will try again"))
        #expect(mail.body.contains("now: down: start failed, retrying: ") == hasSpool)
    }

    @Test func `memmon tells of a start that is refused, and tries it at each tick`() throws {
        let scene = try scene(.memmon)
        try scene.supervisord.behave(
            .init(methods: ["startProcess": .fault(21, "NOT_EXECUTABLE: web", times: 3)]))
        try scene.tickAndRest()
        let mail = try scene.mailbox.waitForMails(1)[0]
        #expect(mail["Subject"] == "memmon: failed to start process web:web, will try again")
        #expect(
            mail.told == "Failed to start process web:web after stopping it, will try again: "
                + "<Fault 21: 'NOT_EXECUTABLE: web'>\n")
        for _ in 0..<2 { try scene.tickAndRest() }
        #expect(scene.mailbox.count == 1)
        try scene.tickAndRest()
        #expect(
            try scene.mailbox.waitForMails(2)[1]["Subject"] == "memmon: process web:web restarted")
        #expect(try scene.supervisord.processes()[0].statename == "RUNNING")
        try scene.tickAndRest()
        #expect(try scene.supervisord.calls().count { $0.hasPrefix("start") } == 4)
        #expect(scene.mailbox.count == 2)
        try scene.finish()
    }

    // MARK: Pending starts

    @Test(arguments: both)
    func `A stop whose answer is lost is followed by a start at once`(_ tool: Tool) throws {
        let scene = try scene(tool)
        try scene.supervisord.behave(.init(methods: ["stopProcess": .lose(times: 1)]))
        try scene.tickAndRest()
        #expect(try scene.supervisord.processes()[0].statename == "RUNNING")
        #expect(try scene.supervisord.actions() == ["stopProcess web", "startProcess web"])
        #expect(scene.mailbox.count == 1)
        #expect(!scene.tool.standardError.contains("ailed to stop"))
    }

    @Test(arguments: both)
    func `A process that somebody starts and stops during our stop is not reported as restarted`(
        _ tool: Tool
    ) throws {
        let scene = try scene(tool)
        // A new start time, by which somebody else has started it.
        try scene.supervisord.behave(.init(methods: ["stopProcess": .pretend()]))
        try scene.tick()
        try eventually("a look after the stop") {
            let calls = try scene.supervisord.calls()
            let stop = calls.firstIndex { $0.hasPrefix("stopProcess") }
            // The first one is answered when the second one arrives.
            return stop.map { calls[$0...].count { $0.hasPrefix("getProcessInfo") } >= 2 } == true
        }
        try scene.supervisord.set([.init("web", pid: 0, start: 2_000_000_000)])
        try scene.rest()
        #expect(try scene.supervisord.actions() == ["stopProcess web"])
        #expect(
            scene.tool.standardError.contains(
                "web is not restarted: it was stopped by someone else"))
        #expect(!scene.tool.standardError.contains("restarted\n"))
    }

    @Test(arguments: both)
    func `A stop that did not arrive is no reason to start`(_ tool: Tool) throws {
        let scene = try scene(tool)
        let start = try scene.supervisord.processes()[0].start
        try scene.supervisord.behave(.init(methods: ["stopProcess": .drop(times: 1)]))
        try scene.tickAndRest()
        try site.behave(.init())
        // An administrator stops it, or a job ends.
        try scene.supervisord.set([.init("web", pid: 0, start: start)])
        try scene.tickAndRest()
        #expect(try scene.supervisord.actions() == ["stopProcess web"])
    }

    @Test(arguments: both)
    func `A start whose connection breaks is tried again at once`(_ tool: Tool) throws {
        let scene = try scene(tool)
        try scene.supervisord.behave(.init(methods: ["startProcess": .drop(times: 2)]))
        try scene.tickAndRest()
        #expect(try scene.supervisord.calls().count { $0 == "startProcess web" } == 3)
        #expect(try scene.supervisord.processes()[0].statename == "RUNNING")
        #expect(try !scene.onlyBody().contains("ailed"))
    }

    @Test(arguments: both)
    func `A start whose answer is lost is not taken for a failure`(_ tool: Tool) throws {
        let scene = try scene(tool)
        try scene.supervisord.behave(.init(methods: ["startProcess": .lose(times: 1)]))
        try scene.tickAndRest()
        #expect(try scene.supervisord.processes()[0].statename == "RUNNING")
        #expect(try !scene.onlyBody().contains("ailed"))
    }

    @Test(arguments: both)
    func `supervisord may be away between the stop and the start`(_ tool: Tool) throws {
        let scene = try scene(tool)
        try scene.supervisord.behave(.init(methods: ["startProcess": .drop(times: 1)]))
        try scene.tick()
        try scene.supervisord.waitForCall("startProcess")
        try scene.supervisord.stop()
        try scene.tick()
        try scene.supervisord.start()
        try scene.rest()
        #expect(try scene.supervisord.processes()[0].statename == "RUNNING")
    }

    @Test(arguments: both)
    func `A worker that is killed between the stop and the start leaves the start to the next tick`(
        _ tool: Tool
    ) throws {
        let scene = try scene(tool)
        try scene.supervisord.behave(.init(methods: ["startProcess": .hang(times: 1)]))
        try scene.tick()
        try scene.supervisord.waitForCall("startProcess")
        for worker in ProcessTree.descendants(of: scene.tool.process.pid) { kill(worker, SIGKILL) }
        try scene.rest()
        #expect(
            scene.tool.standardError.contains(
                "worker process failed: it was terminated by signal 9"))
        #expect(try scene.supervisord.processes()[0].statename == "STOPPED")
        try site.behave(.init())
        try scene.tickAndRest()
        #expect(try scene.supervisord.processes()[0].statename == "RUNNING")
    }

    /// Otherwise all processes would seem to be removed, and their counts with them.
    @Test(arguments: both)
    func `A worker that is killed while it asks for processes does not give restarts back`(
        _ tool: Tool
    ) throws {
        let own = tool == .httpok ? ["-t", "5", "-a", site.url] : ["-a", "1"]
        let scene = try Scene(
            tool, ["--max-restarts", "1/1h"] + own, [.init("web", pid: Int(sleeper.pid))])
        try scene.tickAndRest()
        try scene.tickAndRest()
        #expect(try scene.supervisord.actions().count == 2)
        try scene.supervisord.behave(.init(methods: ["getAllProcessInfo": .hang()]))
        try scene.tick()
        try eventually("the death of its workers") {
            for worker in ProcessTree.descendants(of: scene.tool.process.pid) {
                kill(worker, SIGKILL)
            }
            return scene.tool.standardError.contains("terminated by signal 9")
        }
        try scene.rest()
        try scene.supervisord.behave(.init())
        for _ in 0..<2 { try scene.tickAndRest() }
        #expect(try scene.supervisord.actions().count == 2, "\(scene.tool.standardError)")
    }

    @Test(arguments: both, [true, false])
    func `The end of the listener between the stop and the start keeps no start from coming`(
        _ tool: Tool, _ isOrdered: Bool
    ) throws {
        let scene = try scene(tool)
        try scene.supervisord.behave(
            .init(methods: ["startProcess": .delay(isOrdered ? 6 : 1, times: 1)]))
        try scene.tick()
        try scene.supervisord.waitForCall("startProcess")
        if isOrdered {
            scene.tool.process.send(signal: SIGTERM)
            #expect(try scene.tool.process.waitForExit() == .exited(0))
            #expect(
                scene.tool.standardError.hasSuffix(
                    "\(tool.rawValue): exiting; running checks and restarts continue, and "
                        + "are not reported\n"))
        } else {
            scene.tool.process.send(signal: SIGKILL)
        }
        try eventually("the start") {
            try scene.supervisord.processes()[0].statename == "RUNNING"
        }
    }

    // MARK: Concurrent changes

    @Test(arguments: both)
    func `Who was started by somebody else is left alone`(_ tool: Tool) throws {
        let scene = try scene(tool)
        try scene.supervisord.behave(
            .init(methods: ["startProcess": .fault(50, "SPAWN_ERROR: web")]))
        try scene.tickAndRest()
        try site.behave(.init())
        try scene.supervisord.set([.init("web", pid: 5_000_000)])
        try scene.tickAndRest()
        try scene.tickAndRest()
        #expect(try scene.supervisord.actions() == ["stopProcess web", "startProcess web"])
        #expect(scene.tool.standardError.contains("web restarted\n"))
    }

    @Test(arguments: both)
    func `Who was stopped by somebody else stays stopped`(_ tool: Tool) throws {
        let scene = try scene(tool)
        try scene.supervisord.behave(
            .init(methods: ["startProcess": .fault(50, "SPAWN_ERROR: web")]))
        try scene.tickAndRest()
        try site.behave(.init())
        try scene.supervisord.set([.init("web", pid: 0, state: 200, statename: "FATAL")])
        try scene.tickAndRest()
        #expect(try scene.supervisord.actions().count == 3)
        try scene.supervisord.set([.init("web", pid: 0)])
        try scene.tickAndRest()
        try scene.tickAndRest()
        #expect(try scene.supervisord.actions().count == 3)
        #expect(scene.tool.standardError.contains("it was stopped by someone else"))
    }

    @Test(arguments: both)
    func `Who was removed meanwhile is forgotten`(_ tool: Tool) throws {
        let scene = try scene(tool, ["web", "job"])
        try scene.supervisord.behave(
            .init(methods: ["startProcess web": .fault(50, "SPAWN_ERROR: web")]))
        try scene.tickAndRest()
        try site.behave(.init())
        try scene.supervisord.set([.init("job", pid: 5_000_000)])
        try scene.tickAndRest()
        #expect(
            scene.tool.standardError.contains(
                "no longer retrying web: it no longer exists"))
        let calls = try scene.supervisord.calls().count
        try scene.tickAndRest()
        #expect(
            try scene.supervisord.calls().dropFirst(calls).allSatisfy { $0 == "getAllProcessInfo" })
    }

    @Test(arguments: both)
    func `While supervisord is away nobody is forgotten`(_ tool: Tool) throws {
        let scene = try scene(tool)
        try scene.supervisord.behave(
            .init(methods: ["startProcess": .fault(50, "SPAWN_ERROR: web")]))
        try scene.tickAndRest()
        try site.behave(.init())
        try scene.supervisord.stop()
        for _ in 0..<2 { try scene.tickAndRest() }
        #expect(scene.tool.standardError.contains("cannot check whether web has started, retrying"))
        try scene.supervisord.behave(.init())
        try scene.supervisord.start()
        try scene.tickAndRest()
        #expect(try scene.supervisord.processes()[0].statename == "RUNNING")
        try scene.finish()
    }
}

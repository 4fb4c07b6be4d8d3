import Foundation
import TestSupport
import Testing

/// Which processes httpok restarts, how, and its texts.
@Suite struct HTTPOkRestartTests {
    private let site: HTTPSite
    /// The message about the site before any action.
    private let finding: String

    init() throws {
        site = try HTTPSite()
        try site.behave(.init(status: 503, reason: "No"))
        finding = "status contacting \(site.url): 503 No"
    }

    private func scene(
        _ arguments: [String], _ processes: [XMLRPCServer.Entry],
        environment: [String: String] = [:]
    ) throws -> Scene {
        try Scene(.httpok, arguments + [site.url], processes, environment: environment)
    }

    // MARK: Selection

    @Test func `Names, full names, groups of others and names that nobody has`() throws {
        let scene = try scene(
            ["-p", "web", "-p", "farm:cat", "--program=gone", "-p", "it's", "-p", "site"],
            [
                .running("web"), .running("web", group: "site"), .running("cat", group: "farm"),
                .running("dog", group: "farm"), .running("cat", group: "zoo"),
                .init("web", group: "down", pid: 0),
            ])
        try scene.tickAndRest()
        let text = """
            \(finding)
            Restarting selected processes ['web', 'farm:cat', 'gone', "it's", 'site']
            web is in RUNNING state, restarting
            web restarted
            site:web is in RUNNING state, restarting
            site:web restarted
            farm:cat is in RUNNING state, restarting
            farm:cat restarted
            down:web not in RUNNING state, NOT restarting
            Programs not restarted because they did not exist: ['gone', "it's", 'site']

            """
        #expect(try scene.onlyBody() == text)
        // A warning about a name that matches nothing may come in between.
        let log = scene.tool.standardError.split(separator: "\n").filter {
            !$0.contains(" matches no process: ")
        }
        #expect(log.joined(separator: "\n").hasPrefix(text.trimmingCharacters(in: .newlines)))
        #expect(
            try scene.supervisord.actions() == [
                "stopProcess web", "startProcess web", "stopProcess site:web",
                "startProcess site:web", "stopProcess farm:cat", "startProcess farm:cat",
            ])
    }

    @Test func `With -a all that run, but for itself`() throws {
        let scene = try scene(
            ["-a"],
            [
                .running("web"), .running("httpok", group: "watch"), .running("httpok"),
                .init("job", pid: 0),
            ], environment: ["SUPERVISOR_GROUP_NAME": "watch"])
        try scene.tickAndRest()
        #expect(
            try scene.onlyBody() == """
                \(finding)
                Restarting all running processes
                web is in RUNNING state, restarting
                web restarted
                httpok is in RUNNING state, restarting
                httpok restarted
                job not in RUNNING state, NOT restarting

                """)
        #expect(try scene.supervisord.actions().allSatisfy { !$0.hasSuffix("watch:httpok") })
    }

    @Test(arguments: ["httpok", "watch:httpok"])
    func `It does not restart itself even if it is told to`(_ name: String) throws {
        let scene = try scene(
            ["-p", name], [.running("httpok", group: "watch")],
            environment: ["SUPERVISOR_GROUP_NAME": "watch"])
        try scene.tickAndRest()
        #expect(try scene.onlyBody().contains("watch:httpok is this listener, NOT restarting"))
        #expect(try scene.supervisord.actions().isEmpty)
    }

    @Test(
        arguments: [
            (0, "STOPPED"), (10, "STARTING"), (30, "BACKOFF"), (40, "STOPPING"), (100, "EXITED"),
            (200, "FATAL"), (1000, "UNKNOWN"),
        ])
    func `A process that is not running is left alone`(_ state: Int, _ name: String) throws {
        let scene = try scene(
            ["-p", "web"], [.init("web", pid: 5_000_000, state: state, statename: name)])
        try scene.tickAndRest()
        #expect(try scene.onlyBody().contains("\nweb not in RUNNING state, NOT restarting\n"))
        #expect(try scene.supervisord.actions().isEmpty)
    }

    @Test func `With nobody to restart it tells of the site all the same`() throws {
        let scene = try scene([], [.running("web")])
        try scene.tickAndRest()
        #expect(
            try scene.onlyBody() == "\(finding)\nRestarting selected processes []\n")
        #expect(try scene.supervisord.actions().isEmpty)
    }

    @Test func `A name in Chinese and one with a shell's and XML's signs are names`() throws {
        let names = ["监控:网站", "a$(touch /tmp/superlance-pwned)&<>'\""]
        let scene = try scene(
            ["-p", names[0], "-p", names[1]],
            [.running("网站", group: "监控"), .running(names[1])])
        try scene.tickAndRest()
        #expect(
            try scene.onlyBody() == """
                \(finding)
                Restarting selected processes ['监控:网站', 'a$(touch /tmp/superlance-pwned)&<>\\'"']
                监控:网站 is in RUNNING state, restarting
                监控:网站 restarted
                \(names[1]) is in RUNNING state, restarting
                \(names[1]) restarted

                """)
        #expect(!FileManager.default.fileExists(atPath: "/tmp/superlance-pwned"))
        #expect(
            try scene.supervisord.actions().suffix(2)
                == ["stopProcess \(names[1])", "startProcess \(names[1])"])
    }

    // MARK: Mail

    @Test func `A name tells one httpok from another`() throws {
        let scene = try scene(["-n", "前台", "-a"], [.running("web")])
        try scene.tickAndRest()
        #expect(
            try scene.mailbox.waitForMails(1)[0]["Subject"]
                == "httpok [前台]: \(site.url): bad status returned")
    }

    @Test func `Without -m it acts and mails nobody`() throws {
        let scene = try Scene(
            .httpok, ["-p", "web", "-s", "/bin/false", site.url], [.running("web")], mails: false)
        try scene.tickAndRest()
        #expect(try scene.supervisord.actions() == ["stopProcess web", "startProcess web"])
        #expect(
            scene.tool.standardError == """
                \(finding)
                Restarting selected processes ['web']
                web is in RUNNING state, restarting
                web restarted

                """)
    }

    @Test func `What was mailed is logged, and the lines before it are the mail's`() throws {
        let scene = try scene(["-p", "web"], [.running("web")])
        try scene.tickAndRest()
        let mail = try scene.mailbox.waitForMails(1)[0]
        #expect(
            scene.tool.standardError
                == mail.told + "Mailed:\n\nTo: ops@example.org\n"
                + "Subject: httpok: \(site.url): bad status returned\n\n" + mail.body
                + "httpok: delivered by sendmail to ops@example.org: "
                + "httpok: \(site.url): bad status returned\n")
    }

    @Test func `As JSON, superlance's lines have a level, also those of a worker`() throws {
        let scene = try Scene(
            .httpok, ["-p", "web", "--log-format", "json", site.url], [.running("web")],
            mails: false)
        try scene.supervisord.behave(
            .init(methods: ["startProcess web": .fault(50, "SPAWN_ERROR: web")]))
        try scene.tickAndRest()
        let objects = try scene.tool.process.standardError.split(separator: "\n").map {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
        func level(of words: String) -> String? {
            let object = objects.first { ($0?["message"] as? String)?.hasPrefix(words) == true }
            return object??["level"] as? String
        }
        #expect(level(of: finding) == "warning")
        #expect(level(of: "Restarting selected processes") == "info")
        #expect(level(of: "web is in RUNNING state, restarting") == "info")
        #expect(level(of: "Failed to start process web") == "warning")
        // A worker logs for the listener.
        #expect(objects.allSatisfy { $0?["pid"] as? Int == Int(scene.tool.process.pid) })
    }

    @Test func `A site that stays ill is acted upon at each tick`() throws {
        let scene = try scene(["-p", "web"], [.running("web")])
        for _ in 0..<3 { try scene.tickAndRest() }
        #expect(scene.mailbox.count == 3)
        #expect(try scene.supervisord.actions().count == 6)
        try scene.finish()
    }

    // MARK: -e and -E

    @Test(arguments: [
        (["-E", "-p", "web"], false), (["-E", "-p", "site:web"], true), (["-E", "-a"], true),
        (["-E", "-p", "job"], false), (["-E", "-p", "gone"], false), (["-E"], false),
        (["-E", "-e", "-p", "gone"], true), (["-e", "-E", "-p", "gone"], false),
        (["-p", "gone"], true), (["-e", "-p", "gone"], true),
    ])
    func `With -E it looks only while one of its own runs`(
        _ arguments: [String], _ looks: Bool
    ) throws {
        let others: [XMLRPCServer.Entry] = [.init("job", pid: 0), .running("httpok")]
        let web = XMLRPCServer.Entry.running("web", group: "site")
        // `web` alone matches the process of that name in every group.
        let names = arguments.contains("web") ? others : others + [web]
        let scene = try scene(arguments, names)
        try scene.tickAndRest()
        #expect(try site.requests().isEmpty != looks)
    }

    @Test func `With -E and -a its own running is not enough`() throws {
        let scene = try scene(["-E", "-a"], [.running("httpok"), .init("job", pid: 0)])
        try scene.tickAndRest()
        #expect(try site.requests().isEmpty)
    }

    @Test func `With -E it says why it cannot tell whether one of its own runs`() throws {
        let scene = try scene(["-E", "-a"], [.running("web")])
        try scene.supervisord.stop()
        try scene.tickAndRest()
        #expect(try site.requests().isEmpty)
        #expect(
            scene.tool.standardError.contains(
                "httpok: warning: cannot get the running programs, not checking: there is no socket "
            ))
        try scene.supervisord.start()
        try scene.tickAndRest()
        #expect(try site.requests().count == 1)
    }

    // MARK: Core dumps

    @Test func `A core is made before the stop, by a program that takes names as they are`() throws
    {
        let directory = try TemporaryDirectory()
        let gcore = try directory.writeProgram(
            "gcore",
            """
            #!/bin/sh
            for word; do printf '<%s>' "$word"; done
            echo
            echo beware >&2

            """)
        let name = "a$(id)`id`;&<>|'\""
        let cores = directory.path("core dir")
        try #require(mkdir(cores, 0o755) == 0)
        let scene = try scene(
            ["-p", "web", "-p", name, "-g", "\(gcore) -v  -o", "-d", cores],
            [.running("web", group: "site"), .running(name)])
        try scene.supervisord.behave(.init(methods: ["stopProcess site:web": .fault(1, "x")]))
        try scene.tickAndRest()
        let body = try scene.onlyBody()
        #expect(
            body.contains(
                """
                gcore output for site:web:

                 <-v><-o><\(cores)/site:web><5000000>
                beware

                site:web is in RUNNING state, restarting

                """))
        #expect(
            body.contains(
                "gcore output for \(name):\n\n <-v><-o><\(cores)/\(name)><5000000>\nbeware\n"))
    }

    @Test(arguments: [
        ("/nonexistent/gcore -o", "cannot run /nonexistent/gcore: No such file or directory"),
        ("/bin/false", "(status 1)"), ("/etc/passwd", "Permission denied"),
    ])
    func `A gcore that fails costs the core, not the restart`(
        _ command: String, _ words: String
    ) throws {
        let scene = try scene(["-p", "web", "-g", command, "-d", "/tmp"], [.running("web")])
        try scene.tickAndRest()
        let body = try scene.onlyBody()
        #expect(body.contains("gcore output for web:\n\n "))
        #expect(body.contains(words))
        #expect(body.hasSuffix("web restarted\n"))
        #expect(try scene.supervisord.actions() == ["stopProcess web", "startProcess web"])
    }

    @Test func `Without -d there is no core`() throws {
        let scene = try scene(["-p", "web", "-g", "/bin/echo"], [.running("web")])
        try scene.tickAndRest()
        #expect(try !scene.onlyBody().contains("gcore"))
    }

    @Test func `A name does not lead a core out of its directory`() throws {
        let cores = try TemporaryDirectory()
        let scene = try scene(
            ["-a", "-g", "/bin/echo", "-d", cores.path], [.running("../../etc/passwd")])
        try scene.tickAndRest()
        #expect(try scene.onlyBody().contains(" \(cores.path)/.._.._etc_passwd 5000000"))
    }

    @Test func `A gcore whose child keeps the pipes is not waited for`() throws {
        let directory = try TemporaryDirectory()
        let gcore = try directory.writeProgram(
            "gcore", "#!/bin/sh\nsleep 86400 &\necho $! > '\(directory.path("pid"))'\necho done\n")
        let scene = try scene(["-p", "web", "-g", gcore, "-d", "/tmp"], [.running("web")])
        try scene.tick()
        #expect(try scene.onlyBody().contains("gcore output for web:\n\n done\n"))
        let pid = try #require(Int32(directory.read("pid").dropLast()))
        if ProcessTree.isAlive(pid) { kill(pid, SIGKILL) }
    }
}

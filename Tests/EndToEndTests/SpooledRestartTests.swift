import Foundation
import TestSupport
import Testing

/// What the next run of httpok and memmon knows about stops and restarts, with `--spool`.
@Suite struct SpooledRestartTests {
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

    private func entry(_ name: String, isRunning: Bool = true) -> XMLRPCServer.Entry {
        .init(name, group: "shop", pid: isRunning ? Int(sleeper.pid) : 0, start: 1_000_000)
    }

    private func scene(
        _ tool: Tool, _ options: [String], _ processes: [XMLRPCServer.Entry]
    ) throws -> Scene {
        let target = tool == .httpok ? ["shop:*=\(site.url)"] : ["-a", "1"]
        return try Scene(
            tool, options + ["--spool", directory.path("spool")] + target, processes)
    }

    @Test(arguments: both)
    func `A stop for good that outlives the listener counts as down, and is reported`(
        _ tool: Tool
    ) throws {
        let options = ["--action", "stop", "--max-restarts", "3/1h"]
        let scene = try scene(tool, options, [entry("web_0"), entry("web_1")])
        try scene.supervisord.behave(.init(methods: ["stopProcess": .hang()]))
        try scene.tick()
        try eventually("a stop") { try scene.supervisord.actions().count == 1 }
        let stopped = try #require(try scene.supervisord.actions().first).suffix(5)
        try eventually("a record") {
            let files = FileManager.default.enumerator(atPath: directory.path("spool"))
            return files?.contains { "\($0)".hasSuffix(".restarts") } == true
        }
        let workers = ProcessTree.descendants(of: scene.tool.process.pid)
        for pid in [scene.tool.process.pid] + workers { kill(pid, SIGKILL) }
        _ = try scene.tool.process.waitForExit()

        let left = ["web_0", "web_1"].map { entry($0, isRunning: $0 != stopped) }
        let next = try self.scene(tool, options, left)
        for _ in 0..<3 { try next.tickAndRest() }
        #expect(try next.supervisord.actions().isEmpty)
        let subject = "\(tool.rawValue): shop:\(stopped) stopped"
        let mails = try next.mailbox.mails().filter { $0["Subject"] == subject }
        #expect(mails.count == 1)
        #expect(mails.first?.body.contains("now: stopped by \(tool.rawValue)\n") == true)
        #expect(
            next.tool.standardError.contains(
                "another process in the group is down (shop:\(stopped))"))
    }

    @Test(arguments: both)
    func `A stop for good that was not carried out is made by the next run`(_ tool: Tool) throws {
        let options = ["--action", "stop"]
        let scene = try scene(tool, options, [entry("web")])
        try scene.supervisord.behave(.init(methods: ["stopProcess": .hang()]))
        try scene.tick()
        try eventually("a stop") { try scene.supervisord.actions().count == 1 }
        try eventually("a record") {
            let files = FileManager.default.enumerator(atPath: directory.path("spool"))
            return files?.contains { "\($0)".hasSuffix(".restarts") } == true
        }
        let workers = ProcessTree.descendants(of: scene.tool.process.pid)
        for pid in [scene.tool.process.pid] + workers { kill(pid, SIGKILL) }
        _ = try scene.tool.process.waitForExit()
        let next = try self.scene(tool, options, [entry("web")])
        try next.tickAndRest()
        #expect(try next.supervisord.actions() == ["stopProcess shop:web"])
    }

    @Test(arguments: [
        // Another URL, name, process or pattern, and a check of its own for each process.
        (["-p", "shop:web_1", "URL/old"], ["-p", "shop:web_1", "URL/new"]),
        (["-p", "shop:web_1", "URL/old"], ["-p", "shop:web_1", "-n", "shop", "URL/old"]),
        (["-p", "shop:web_1", "URL/old"], ["-p", "shop:web_2", "URL/old"]),
        (["shop:web_1=URL/old"], ["shop:web_2=URL/old"]),
        (["shop:web_1=URL/1"], ["shop:web_2=URL/{num}"]),
        (["shop:web_1=URL/{num}"], ["shop:web_1=URL/{num+1}"]),
    ])
    func `What an earlier run has reported of a check that is not made any more, ends`(
        _ old: [String], _ new: [String]
    ) throws {
        let peer = try HTTPSite()
        func scene(_ target: [String]) throws -> Scene {
            let target = target.map { $0.replacing("URL/", with: site.url) }
            return try Scene(
                .httpok,
                ["--action", "alert", "--alertmanager", peer.url, "--spool", directory.path("s")]
                    + target, [entry("web_1"), entry("web_2")])
        }
        func ends() throws -> Set<String> {
            let bodies = try peer.requests().map(\.body).filter {
                $0.contains(" is no longer checked")
            }
            return Set(bodies.map { String($0.prefix { $0 != "}" }) })
        }
        let first = try scene(old)
        try first.tickAndRest()
        try peer.waitForRequests(1)
        try first.finish()
        let same = try scene(old)
        try same.tickAndRest()
        try same.finish()
        #expect(try ends().isEmpty)
        let next = try scene(new)
        try next.tickAndRest()
        try eventually("an end; \(next.tool.standardError)") { try !ends().isEmpty }
        try next.tickAndRest()
        #expect(try ends() == [String(try peer.requests()[0].body.prefix { $0 != "}" })])
    }

    @Test(arguments: both)
    func `A process that is not watched any more is no longer given up`(_ tool: Tool) throws {
        let peer = try HTTPSite()
        func scene(_ program: String) throws -> Scene {
            let target =
                tool == .httpok ? ["shop:\(program)=\(site.url)"] : ["-p", "shop:\(program)=1"]
            return try Scene(
                tool,
                ["--max-restarts", "1/1h", "--alertmanager", peer.url]
                    + ["--spool", directory.path("s")] + target,
                [entry("web_1"), entry("web_2")])
        }
        func bodies() throws -> [String] {
            try peer.requests().map(\.body).filter {
                $0.contains(#""alertname":"RestartsNotHelping""#)
            }
        }
        let first = try scene("web_1")
        for _ in 0..<2 {
            try first.tickAndRest()
            // The restart has changed its pid, and there is no such process.
            try first.supervisord.set([entry("web_1"), entry("web_2")])
        }
        try eventually("an alert") { try !bodies().isEmpty }
        try first.finish()
        let next = try scene("web_2")
        try next.tickAndRest()
        try eventually("its end; \(next.tool.standardError)") {
            try bodies().contains { $0.contains(" is no longer checked") }
        }
    }

    @Test(arguments: both)
    func `A dry run leaves the next run its whole budget`(_ tool: Tool) throws {
        let options = ["--max-restarts", "1/1h"]
        let peer = try HTTPSite()
        let services = ["--alertmanager", peer.url]
        let scene = try scene(tool, options + services + ["--dry-run"], [entry("web")])
        for _ in 0..<3 { try scene.tickAndRest() }
        #expect(scene.tool.standardError.contains("gave up on shop:web"))
        try scene.finish()
        let next = try self.scene(tool, options + services, [entry("web")])
        try next.tickAndRest()
        #expect(
            try next.supervisord.actions() == ["stopProcess shop:web", "startProcess shop:web"])
        try eventually("the end of the pretended alert") {
            try peer.requests().map(\.body).contains {
                $0.contains(#""alertname":"RestartsNotHelping""#)
                    && $0.contains(" may be restarted again")
            }
        }
    }

    @Test(arguments: both)
    func `A dry run keeps what an earlier run owes`(_ tool: Tool) throws {
        let scene = try scene(tool, [], [entry("web")])
        try scene.supervisord.behave(
            .init(methods: ["startProcess": .fault(50, "SPAWN_ERROR: web")]))
        try scene.tickAndRest()
        try scene.finish()
        try site.behave(.init())
        let stopped = entry("web", isRunning: false)
        let pretended = try self.scene(tool, ["--dry-run"], [stopped])
        try pretended.tickAndRest()
        #expect(try pretended.supervisord.actions().isEmpty)
        try pretended.finish()
        let next = try self.scene(tool, [], [stopped])
        try next.tickAndRest()
        #expect(try next.supervisord.actions() == ["startProcess shop:web"])
    }
}

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
                $0.contains(#""alertname":"RestartsNotHelping""#) && $0.contains(" recovered")
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

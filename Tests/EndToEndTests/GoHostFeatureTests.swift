import Foundation
import TestSupport
import Testing

/// What docs/go-supervisord.md says of failed starts, restarts and recoveries under the Go
/// implementation.
@Suite struct GoHostFeatureTests {
    private let big: ChildProcess
    private let mailbox: Mailbox

    init() throws {
        big = try ChildProcess(["/bin/sleep", "86400"])
        mailbox = try Mailbox()
    }

    private func memmon(_ host: GoHost, _ more: [String] = []) throws -> GoHost.Listener {
        try host.start(
            .memmon, ["-p", "shop:web=1", "-m", "ops@example.org", "-s", mailbox.command] + more)
    }

    private func web() -> XMLRPCServer.Entry { .init("web", group: "shop", pid: Int(big.pid)) }

    @Test func `A failed start is reported with its group`() throws {
        let host = try GoHost([
            .init("web", group: "shop", pid: 0, state: 200, statename: "Fatal")
        ])
        let listener = try host.start(
            .fatalmailbatch,
            Tool.fatalmailbatch.writing(to: "ops@example.org") + ["--sendmail", mailbox.command])
        try listener.handle(.fatal("web"))
        try listener.handle(.tick(60))
        let mail = try mailbox.waitForMails(1)[0]
        #expect(mail.told.contains("Process shop:web failed to start too many times"))
    }

    @Test(arguments: [Tool.memmon, .httpok])
    func `A restart is reported once the process has a new start`(_ tool: Tool) throws {
        let site = try HTTPSite()
        try site.behave(.init(status: 500, reason: "No"))
        let host = try GoHost([web()])
        let watched = tool == .memmon ? ["-p", "shop:web=1"] : ["-p", "shop:web", site.url]
        let listener = try host.start(
            tool, ["-m", "ops@example.org", "-s", mailbox.command] + watched)
        try listener.handle(.tick(5))
        let mail = try mailbox.waitForMails(1)[0]
        #expect(mail.body.contains("restarted"))
        #expect(try host.rpc.actions() == ["stopProcess shop:web", "startProcess shop:web"])
    }

    @Test func `A start that returns true while nothing runs is repeated`() throws {
        let host = try GoHost([web()])
        try host.rpc.behave(.init(methods: ["startProcess": .pretend(times: 1)]))
        let listener = try memmon(host)
        try listener.handle(.tick(5))
        let mail = try mailbox.waitForMails(1)[0]
        #expect(mail["Subject"] == "memmon: process shop:web restarted")
        try host.rpc.waitForCall("startProcess shop:web", 2)
        #expect(mailbox.count == 1)
        #expect(try host.rpc.processes().contains { $0.statename == "Running" })
    }

    @Test func `A removed program is no longer started`() throws {
        let host = try GoHost([web()])
        try host.rpc.behave(.init(methods: ["startProcess": .pretend(times: 100)]))
        let listener = try memmon(host)
        try listener.handle(.tick(5))
        try host.rpc.waitForCall("startProcess shop:web", 1)
        try host.rpc.set([])
        _ = try mailbox.waitForMails(1)
        try listener.handle(.tick(5))
        try listener.waitForError("no longer retrying shop:web")
        let starts = try host.rpc.calls().count { $0.hasPrefix("startProcess") }
        try listener.handle(.tick(5))
        try host.rpc.waitForCall("getAllProcessInfo", 3)
        #expect(try host.rpc.calls().count { $0.hasPrefix("startProcess") } == starts)
    }

    @Test func `A recovery resolves the alert in Alertmanager`() throws {
        let peer = try HTTPSite()
        let large = try ChildProcess([
            "/usr/bin/python3", "-c", "import time; x = b'x' * 40_000_000; time.sleep(86400)",
        ])
        let host = try GoHost([.init("web", group: "shop", pid: Int(large.pid))])
        let listener = try host.start(
            .memmon, ["-p", "shop:web=20MB", "--action", "alert", "--alertmanager", peer.url])
        try eventually("an alert") {
            // It takes a moment to grow.
            try listener.handle(.tick(5))
            return try !peer.requests().isEmpty
        }
        try host.rpc.set([web()])
        _ = try eventually("the resolution") {
            try listener.handle(.tick(5))
            return try peer.requests().first { $0.body.contains("recovered") }
        }
    }

    @Test func `What happened while no listener was running is not reported`() throws {
        var ended = web()
        ended.pid = 0
        (ended.state, ended.statename) = (100, "Exited")
        ended.stop = Int(Date().timeIntervalSince1970)
        let host = try GoHost([ended, .init("job", group: "shop", pid: 0)])
        let listener = try host.start(
            .crashmail, ["-m", "ops@example.org", "-s", mailbox.command])
        try listener.handle(.tick(60))
        try listener.handle(.exited("job"))
        #expect(try mailbox.waitForMails(1)[0].told.hasPrefix("Process job in group shop"))
        #expect(mailbox.count == 1)
    }
}

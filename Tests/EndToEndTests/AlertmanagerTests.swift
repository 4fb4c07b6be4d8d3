// Alerts to a real Alertmanager.

import Foundation
import TestSupport
import Testing

@Suite(.serialized) struct AlertmanagerTests {
    private func notifications(_ site: HTTPSite) throws -> [Alertmanager.Notification] {
        try site.requests().map(Alertmanager.Notification.init)
    }

    @Test func `Crashes are shown by each peer, one that was down too, and told as a group`() throws
    {
        let receiver = try HTTPSite()
        let peers = [
            try Alertmanager(notifying: receiver), try Alertmanager(notifying: receiver),
        ]
        try peers[0].start()
        let running = try RunningTool.ready(
            .crashmail, ["--alertmanager", peers[0].url, "--alertmanager", peers[1].url])
        try running.handle(.exited("web", group: "site"))
        try running.handle(.exited("job", group: "site"))
        try eventually("two alerts") { try peers[0].alerts().count == 2 }
        let alert = try #require(
            try peers[0].alerts().first { $0.labels["process"] == "web" })
        #expect(alert.labels["alertname"] == "ProcessCrashed")
        #expect(alert.labels["severity"] == "warning")
        #expect(alert.labels["group"] == "site")
        #expect(alert.labels["listener"] == "crashmail")
        #expect(alert.labels["supervisor"] == "supervisor")
        #expect(alert.annotations["summary"]?.hasSuffix("] site:web crashed") == true)
        try eventually("one notification of both") {
            try notifications(receiver).contains { $0.alerts.count == 2 }
        }

        try running.waitForError("http://127.0.0.1")
        try peers[1].start()
        try eventually("two alerts at the other peer") { try peers[1].alerts().count == 2 }
        #expect(try peers[0].alerts().count == 2)
    }

    @Test func `A listener that is restarted still resolves its alert`() throws {
        let peer = try HTTPSite()
        let site = try HTTPSite()
        try site.behave(HTTPSite.Behaviour(status: 503))
        let directory = try TemporaryDirectory()
        let arguments = ["--alertmanager", peer.url, "--spool", directory.path, site.url]
        let first = try RunningTool.ready(.httpok, arguments)
        try first.handle(.tick(60))
        try peer.waitForRequests(1)
        #expect(try first.finishSilently() == .exited(0))
        try site.behave(HTTPSite.Behaviour())
        let second = try RunningTool.ready(.httpok, arguments)
        // Alertmanager may have been restarted meanwhile.
        try peer.waitForRequests(2)
        try second.handle(.tick(60))
        try peer.waitForRequests(3)
        let bodies = try peer.requests().map(\.body)
        for body in bodies[1...] {
            #expect(bodies[0].prefix { $0 != "}" } == body.prefix { $0 != "}" })
        }
        #expect(bodies[1].contains(" failed: HTTP 503 instead of 200 after "))
        #expect(bodies[2].contains(" recovered"))
        #expect(try second.finishSilently() == .exited(0))
        let third = try RunningTool.ready(.httpok, arguments)
        try third.handle(.tick(60))
        try site.waitForRequests(3)
        #expect(try third.finishSilently() == .exited(0))
        #expect(try peer.requests().count == 3)
    }

    @Test func `A restart of both loses no alert and brings none back`() throws {
        let receiver = try HTTPSite()
        let alertmanager = try Alertmanager(notifying: receiver)
        try alertmanager.start()
        let spool = try TemporaryDirectory()
        let arguments = ["--alertmanager", alertmanager.url, "--spool", spool.path]
        let first = try RunningTool.ready(.crashmail, arguments)
        try first.handle(.exited("web"))
        try eventually("the alert") { try alertmanager.processes() == ["web"] }
        #expect(try first.finishSilently() == .exited(0))
        try alertmanager.restart()
        #expect(try alertmanager.processes().isEmpty)
        let second = try RunningTool.ready(.crashmail, arguments)
        try eventually("the alert again") { try alertmanager.processes() == ["web"] }
        #expect(try second.finishSilently() == .exited(0))
    }

    @Test func `A peer that hangs delays no other`() throws {
        let peers = [try HTTPSite(), try HTTPSite()]
        try peers[0].behave(HTTPSite.Behaviour(hang: true))
        let running = try RunningTool.ready(
            .crashmail, peers.flatMap { ["--alertmanager", $0.url] })
        try running.handle(.exited("web"))
        try peers[0].waitForRequests(1)
        try peers[1].waitForRequests(1)
        try running.handle(.exited("job"))
        try eventually("both at the other peer") {
            try peers[1].requests().contains { $0.body.contains(#""process":"job""#) }
        }
        #expect(try peers[0].requests().count == 1)
    }

    @Test(arguments: Tool.mailers)
    func `an active alert is remembered until it is resolved`(tool: Tool) throws {
        let peer = try HTTPSite()
        let directory = try TemporaryDirectory()
        let running = try RunningTool.ready(
            tool,
            tool.writing(to: "ops@example.org")
                + ["--smtpHost", "127.0.0.1:1", "--alertmanager", peer.url]
                + ["--spool", directory.path])
        try running.handle(tool.occasions("web"))
        try peer.waitForRequests(1)
        #expect(try running.finishSilently() == .exited(0))
        let paths = try FileManager.default.subpathsOfDirectory(atPath: directory.path)
        let files = paths.compactMap {
            try? String(contentsOfFile: directory.path($0), encoding: .utf8)
        }
        #expect(files.count { $0.contains("\nfiring\n") } == 1)
    }

    @Test func `A process that holds less again resolves its alert`() throws {
        let peer = try HTTPSite()
        let big = try ChildProcess([
            "/usr/bin/python3", "-c", "import time; x = b'x' * 40_000_000; time.sleep(86400)",
        ])
        let small = try ChildProcess(["/bin/sleep", "86400"])
        let supervisord = try XMLRPCServer(.unix, [.init("web", pid: Int(big.pid))])
        let running = try RunningTool(
            .memmon, ["-p", "web=20MB", "--alertmanager", peer.url], serverURL: supervisord.url)
        try running.waitForReady()
        try eventually("an alert") {
            // It takes a moment to grow.
            try running.handle(.tick(60))
            return try !peer.requests().isEmpty
        }
        try supervisord.set([.init("web", pid: Int(small.pid))])
        let end = try eventually("its end") {
            try running.handle(.tick(60))
            return try peer.requests().first {
                $0.body.contains("] web recovered")
            }
        }
        let begin = try peer.requests()[0]
        #expect(begin.path == "/api/v2/alerts")
        #expect(begin.body.contains(#""alertname":"MemoryLimitExceeded""#))
        #expect(begin.body.prefix { $0 != "}" } == end.body.prefix { $0 != "}" })
    }

    /// It has not recovered.
    @Test(
        arguments: [(0, "web was stopped"), (100, "web is no longer running")],
        [["--action", "alert", "-p", "web=1"], ["-p", "web=100MB", "--warn", "1pct"]])
    func `An alert about memory ends when the process no longer runs, with what it does now`(
        now: (state: Int, words: String), arguments: [String]
    ) throws {
        let peer = try HTTPSite()
        let sleeper = try ChildProcess(["/bin/sleep", "86400"])
        let scene = try Scene(
            .memmon, arguments + ["--alertmanager", peer.url],
            [.init("web", pid: Int(sleeper.pid))])
        try scene.tickAndRest()
        try peer.waitForRequests(1)
        // No process is measured any more.
        try scene.supervisord.set([.init("web", pid: 0, state: now.state)])
        try scene.tickAndRest()
        try peer.waitForRequests(2)
        #expect(try peer.requests()[1].body.contains("] \(now.words)"))
    }

    @Test func `A site that is well again resolves its alert, without --recovered`() throws {
        let receiver = try HTTPSite()
        let alertmanager = try Alertmanager(notifying: receiver)
        try alertmanager.start()
        let site = try HTTPSite()
        try site.behave(HTTPSite.Behaviour(status: 503))
        let running = try RunningTool.ready(
            .httpok, ["--alertmanager", alertmanager.url, site.url])
        try running.handle(.tick(60))
        try eventually("an alert") { try alertmanager.alerts().count == 1 }
        let labels = try alertmanager.alerts()[0].labels
        #expect(labels["alertname"] == "HTTPCheckFailed")
        #expect(labels["severity"] == "critical")
        try eventually("a notification") {
            try notifications(receiver).contains { $0.status == "firing" }
        }

        try site.behave(HTTPSite.Behaviour())
        try running.handle(.tick(60))
        try eventually("its end") { try alertmanager.alerts().isEmpty }
        try eventually("the notification of its end") {
            try notifications(receiver).contains {
                $0.status == "resolved" && $0.alerts[0].labels == labels
            }
        }
    }

    @Test func `Checks with the same URL and different processes have alerts of their own`() throws
    {
        let alertmanager = try Alertmanager(notifying: try HTTPSite())
        try alertmanager.start()
        let site = try HTTPSite()
        try site.behave(HTTPSite.Behaviour(status: 503))
        let server = try XMLRPCServer(
            .unix, [.init("web", pid: 5_000_000), .init("job", pid: 5_000_001)])
        let running = try RunningTool(
            .httpok,
            [
                "--action", "alert", "--alertmanager", alertmanager.url, "web=\(site.url)",
                "job=\(site.url)",
            ], serverURL: server.url)
        try running.waitForReady()
        try running.handle(.tick(60))
        try eventually("two alerts") {
            Set(try alertmanager.alerts().compactMap { $0.labels["process"] }) == ["web", "job"]
        }
        try site.behave(HTTPSite.Behaviour())
        try running.handle(.tick(60))
        try eventually("their ends") { try alertmanager.alerts().isEmpty }
        #expect(try running.finish() == .exited(0))
    }
}

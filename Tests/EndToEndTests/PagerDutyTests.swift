// Alerts to PagerDuty, that is, to a test server in its place.

import Foundation
import TestSupport
import Testing

@Suite struct PagerDutyTests {
    private func events(_ server: HTTPSite) throws -> [[String: Any]] {
        try server.requests().map { request in
            let value = try JSONSerialization.jsonObject(with: Data(request.body.utf8))
            return try #require(value as? [String: Any])
        }
    }

    @Test func `Each of two sites triggers an incident of its own, and resolves it`() throws {
        let server = try HTTPSite()
        try server.behave(HTTPSite.Behaviour(status: 202, body: #"{"status":"success"}"#))
        let sites = [try HTTPSite(), try HTTPSite()]
        for site in sites { try site.behave(HTTPSite.Behaviour(status: 503)) }
        let supervisord = try XMLRPCServer(.unix, [])
        let running = try RunningTool(
            .httpok,
            ["--pagerduty", "geheim123", "--pagerduty-url", server.url] + sites.map(\.url),
            serverURL: supervisord.url)
        try running.waitForReady()
        try running.handle(.tick(60))
        try server.waitForRequests(2)
        try sites[0].behave(HTTPSite.Behaviour())
        try running.handle(.tick(60))
        // The other one is updated, since it still fails.
        try eventually("a resolution") {
            try events(server).contains { $0["event_action"] as? String == "resolve" }
        }
        try sites[1].behave(HTTPSite.Behaviour())
        try running.handle(.tick(60))
        try eventually("both resolutions") {
            try events(server).count { $0["event_action"] as? String == "resolve" } == 2
        }
        let all = try events(server)
        #expect(try server.requests().allSatisfy { $0.path == "/v2/enqueue" })
        #expect(all.allSatisfy { $0["routing_key"] as? String == "geheim123" })
        let keys = { (action: String) in
            Set(
                all.filter { $0["event_action"] as? String == action }
                    .compactMap { $0["dedup_key"] as? String })
        }
        #expect(keys("trigger") == keys("resolve"))
        #expect(keys("trigger").count == 2)
        #expect(try running.finishSilently() == .exited(0))
        #expect(!running.standardError.contains("geheim"))
    }

    @Test(arguments: [
        (400, "is wrong\"}; check the integration key"), (429, "retrying in"),
        (503, "retrying in"),
    ])
    func `A rejected event and a busy service are retried`(
        status: Int, words: String
    ) throws {
        let server = try HTTPSite()
        try server.behave(
            HTTPSite.Behaviour(status: status, body: #"{"message":"geheim123 is wrong"}"#))
        let running = try RunningTool.ready(
            .crashmail, ["--pagerduty", "geheim123", "--pagerduty-url", server.url])
        try running.handle(.exited("web"))
        try running.waitForError("returned \(status)")
        try running.waitForError(words)
        #expect(!running.standardError.contains("geheim"))
    }

    @Test func `The key is hidden, and no option without it has an effect`() throws {
        let process = try ChildProcess([
            Tool.crashmail.path, "--show-config", "--pagerduty", "geheim123", "--pagerduty-url",
            "https://events.eu.pagerduty.com",
        ])
        let output = String(decoding: try process.readToEnd(), as: UTF8.self)
        #expect(try process.waitForExit() == .exited(0))
        #expect(output.contains("  --pagerduty <redacted>  (command line)\n"))
        let other = try ChildProcess([
            Tool.crashmail.path, "--show-config", "--pagerduty-url", "https://example.org",
        ])
        _ = try other.readToEnd()
        #expect(try other.waitForExit() == .exited(0))
        #expect(
            other.standardError
                == "crashmail: warning: --pagerduty-url has no effect without --pagerduty\n")
    }
}

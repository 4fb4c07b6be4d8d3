import Curl
import Foundation
import ListenerProtocol
import System
import Testing

@testable import Alerting

/// Events for PagerDuty.
@Suite struct PagerDutyFormatTests {
    private static let time = Timestamp(seconds: 1_795_212_120, milliseconds: 7)

    private static func incident(
        _ kind: Incident.Kind = .exited, _ name: String = "web",
        recovery: Incident.Recovery? = nil
    ) -> Incident {
        var found = Diagnostics(host: "shop-1")
        found.exitStatus = 3
        found.runbook = "https://wiki.example.org/web"
        found.logs = [LogExcerpt("/var/log/web.log", lines: ["say \"no\"", "last"])]
        return Incident(
            kind, at: time, to: ProcessName(group: "site", name: name), message: "it crashed",
            diagnostics: found, header: ["server": "supervisor"], recovery: recovery)
    }

    private func requests(_ incidents: [[Incident]]) -> [WebRequest] {
        let alerts = incidents.map {
            Alert(subject: "s", body: "b", time: Self.time, incidents: $0)
        }
        let format = PagerDutyFormat(
            routingKey: "key", origin: Origin(tool: "crashmail", listener: "crash", host: "vm"))
        return format.requests(
            for: Parcel(alerts, from: "crashmail"), by: HTTPRequest("http://example.org/"))
    }

    private func events(_ incidents: Incident...) throws -> [[String: Any]] {
        try requests(incidents.map { [$0] }).map { request in
            try #require(
                try JSONSerialization.jsonObject(with: Data(request.request.body))
                    as? [String: Any])
        }
    }

    @Test func `A crash triggers an incident with the headline`() throws {
        let event = try #require(try events(Self.incident()).first)
        #expect(event["routing_key"] as? String == "key")
        #expect(event["event_action"] as? String == "trigger")
        #expect(event["dedup_key"] as? String == "shop-1/supervisor/site:web/exited")
        let payload = try #require(event["payload"] as? [String: Any])
        #expect(payload["summary"] as? String == "[shop-1] site:web crashed: exit status 3")
        #expect(payload["source"] as? String == "shop-1")
        #expect(payload["severity"] as? String == "warning")
        #expect(payload["timestamp"] as? String == "2026-11-20T22:02:00.007Z")
        #expect(payload["component"] as? String == "site:web")
        #expect(payload["class"] as? String == "exited")
        let details = try #require(payload["custom_details"] as? [String: Any])
        #expect(details["log"] as? String == "say \"no\"\nlast")
        let links = try #require(event["links"] as? [[String: String]])
        #expect(links.first?["href"] == "https://wiki.example.org/web")
    }

    @Test func `A resolution has the key of the trigger, and nothing for people is sent`() throws {
        let since = Timestamp(seconds: Self.time.seconds - 60)
        let over = try events(
            Self.incident(.recovered, recovery: .init(of: .exited, since: since)))
        #expect(over.count == 1)
        #expect(over[0]["event_action"] as? String == "resolve")
        #expect(over[0]["dedup_key"] as? String == "shop-1/supervisor/site:web/exited")
        #expect(over[0]["payload"] == nil)
        #expect(
            try events(
                Self.incident(
                    .recovered, recovery: .init(of: .exited, since: since, isForPeople: true)),
                Self.incident(.recovered)
            ).isEmpty)
    }

    @Test func `A test does not stay open`() throws {
        let actions = try events(Self.incident(.test)).map { $0["event_action"] as? String }
        #expect(actions == ["trigger", "resolve"])
    }

    @Test func `A later trigger replaces an earlier one, but not beyond a resolution`() throws {
        let over = Self.incident(.recovered, recovery: .init(of: .exited, since: Self.time))
        let all = requests([
            [Self.incident()], [Self.incident(.exited, "job")], [Self.incident()], [over],
            [Self.incident()],
        ])
        let actions = try all.map { request in
            let body = try JSONSerialization.jsonObject(with: Data(request.request.body))
            return (body as? [String: Any])?["event_action"] as? String
        }
        #expect(actions == ["trigger", "trigger", "resolve", "trigger"])
        // The replaced one is delivered only if the request in its place is.
        #expect(all.map(\.incidents) == [2..<3, 1..<2, 3..<4, 4..<5])
        #expect(all.map(\.replaced) == [[0], [], [], []])
    }

    @Test func `An event stays far below 512 KB`() throws {
        var incident = Self.incident()
        incident.message = String(repeating: "\u{1}", count: 100_000)
        incident.diagnostics?.sections = [String(repeating: "ä", count: 100_000)]
        incident.diagnostics?.logs = [
            LogExcerpt("/x", lines: (1...9_000).map { "line \($0)" })
        ]
        let request = try #require(requests([[incident]]).first)
        #expect(request.request.body.count < 200_000)
        let summary = Headline(of: incident).text
        #expect(summary.count <= 1_024)
    }
}

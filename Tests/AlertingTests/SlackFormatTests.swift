import Curl
import Foundation
import ListenerProtocol
import System
import Testing

@testable import Alerting

/// Messages to Slack, and its limits.
@Suite struct SlackFormatTests {
    private static let origin = Origin(tool: "crashmail", listener: "crash", host: "vm")
    private static let time = Timestamp(seconds: 1_795_212_120, milliseconds: 7)

    private static func incident(
        _ message: String, _ kind: Incident.Kind = .exited,
        _ fill: (inout Diagnostics) -> Void = { _ in }
    ) -> Incident {
        var found = Diagnostics(host: "vm")
        found.exitStatus = 3
        found.uptime = 61
        found.state = "restarted, running (pid 12)"
        found.logs = [
            LogExcerpt("/var/log/web.log", lines: ["one <two> & `three`", "say \"no\"\\"])
        ]
        fill(&found)
        return Incident(
            kind, at: time, to: ProcessName(group: "site", name: "web"), pid: 11,
            fromState: "RUNNING", message: message, diagnostics: found,
            header: ["server": "supervisor"])
    }

    private static func alert(_ incidents: [Incident]) -> Alert {
        Alert(
            subject: "s", body: incidents.map(\.text).joined(separator: "\n"), time: time,
            incidents: incidents)
    }

    private func requests(
        _ alerts: [Alert], channel: String? = nil, seconds: Int = 2
    ) -> [WebRequest] {
        let sent = Timestamp(seconds: Self.time.seconds + seconds)
        return SlackFormat(channel: channel, origin: Self.origin).requests(
            for: Parcel(alerts, from: "crashmail", sent: sent),
            by: HTTPRequest("http://example.org/"))
    }

    /// A message as an object.
    private struct Message {
        let text: String
        let channel: String?
        let color: String
        /// The header and the blocks of the attachment.
        let blocks: [[String: Any]]

        init(_ request: WebRequest) throws {
            let value = try JSONSerialization.jsonObject(with: Data(request.request.body))
            let object = try #require(value as? [String: Any])
            text = try #require(object["text"] as? String)
            channel = object["channel"] as? String
            let attachments = try #require(object["attachments"] as? [[String: Any]])
            color = try #require(attachments.first?["color"] as? String)
            blocks =
                try #require(object["blocks"] as? [[String: Any]])
                + (try #require(attachments.first?["blocks"] as? [[String: Any]]))
        }

        /// All texts, by the type of their block.
        var texts: [(type: String, text: String)] {
            blocks.flatMap { block -> [(String, String)] in
                let type = block["type"] as? String ?? ""
                let own = (block["text"] as? [String: Any])?["text"] as? String
                let fields = (block["fields"] as? [[String: Any]] ?? []).compactMap {
                    $0["text"] as? String
                }
                return [own].compactMap { $0 }.map { (type, $0) } + fields.map { ("field", $0) }
            }
        }
    }

    @Test(arguments: [(2, false), (90, true)])
    func `A message that is delivered late has the time of the crash`(
        seconds: Int, isLate: Bool
    ) throws {
        let alert = Self.alert([Self.incident("it crashed")])
        let message = try Message(try #require(requests([alert], seconds: seconds).first))
        let time = Self.time.formatted("%Y-%m-%d %H:%M:%S")
        let fields = message.texts.filter { $0.type == "field" }.map(\.text)
        #expect(fields.contains("*occurred at*\n\(time)") == isLate)
        #expect(message.text.contains("occurred at: \(time)") == isLate)
    }

    @Test func `A message has a header, the state, facts in columns and the log`() throws {
        let message = try Message(
            try #require(
                requests([Self.alert([Self.incident("it <crashed>")])], channel: "#ops").first))
        #expect(message.channel == "#ops")
        #expect(message.color == "#ef8f00")
        #expect(
            message.texts.map(\.text) == [
                "[vm] site:web crashed: exit status 3 after 1 min 1 s",
                "*now: restarted, running (pid 12)*\nit &lt;crashed&gt;",
                "*host*\nvm", "*exit status*\n3", "*uptime*\n1 min 1 s",
                """
                last 2 lines of /var/log/web.log:
                ```one &lt;two&gt; &amp; three
                say "no"\\```
                """,
            ])
        #expect(
            message.text == """
                *[vm] site:web crashed: exit status 3 after 1 min 1 s*
                it &lt;crashed&gt;
                now: restarted, running (pid 12)
                host: vm
                exit status: 3
                uptime: 1 min 1 s
                ```one &lt;two&gt; &amp; three
                say "no"\\```
                """)
    }

    @Test(arguments: [
        (Incident.Kind.exited, "#ef8f00"), (.memory, "#ef8f00"), (.fatal, "#c62828"),
        (.unhealthy, "#c62828"), (.gaveUp, "#c62828"), (.recovered, "#2e7d32"),
        (.test, "#2e7d32"),
    ])
    func `The colour is that of the severity`(kind: Incident.Kind, color: String) throws {
        let single = try #require(requests([Self.alert([Self.incident("x", kind)])]).first)
        #expect(try Message(single).color == color)
        let several = Self.alert([Self.incident("x", .recovered), Self.incident("x", kind)])
        #expect(try Message(try #require(requests([several]).first)).color == color)
    }

    @Test(arguments: [1, 3, 20])
    func `A message stays within Slack's limits and tears no escape`(count: Int) throws {
        var incident = Self.incident(String(repeating: "<", count: 9_000)) { found in
            let lines = (0..<1_000).map { "&line \($0)&" }
            found.logs = (1...5).map { LogExcerpt("/var/log/web.\($0)", lines: lines) }
            found.state = String(repeating: "&", count: 5_000)
            found.signal = String(repeating: ">", count: 5_000)
            found.oomKiller = "x"
            found.deaths = "x"
            found.spawnError = "x"
            found.logCommand = "x"
            found.runbook = "x"
            found.supervisor = "x"
            found.sections = (1...9).map { _ in String(repeating: "chart &\n", count: 1_000) }
        }
        incident.reason = String(repeating: "&", count: 900)
        let requests = requests([Self.alert(Array(repeating: incident, count: count))])
        for request in requests {
            let message = try Message(request)
            #expect(message.text.utf8.count <= 4_000)
            #expect(message.blocks.count <= 50)
            #expect(message.texts.reduce(0) { $0 + $1.text.count } < 13_000)
            for (type, text) in message.texts {
                #expect(!text.isEmpty)
                let limits = ["header": 150, "section": 3_000, "field": 2_000]
                #expect(text.count <= limits[type, default: 0], "\(type)")
                let plain = text.replacing(/&(amp|lt|gt);/, with: "")
                #expect(!plain.contains("&") && !plain.contains("<"))
                #expect(text.components(separatedBy: "```").count % 2 == 1)
            }
            for block in message.blocks {
                #expect((block["fields"] as? [Any])?.count ?? 0 <= 10)
            }
        }
        if count == 1 {
            #expect(
                try Message(requests[0]).texts.last?.text.hasSuffix("&amp;line 999&amp;```") == true
            )
        } else {
            // None is left out, however many messages it takes.
            let texts = try requests.map { try Message($0).texts.last?.text ?? "" }
            #expect(texts.joined().components(separatedBy: "• ").count == count + 1)
            #expect(requests.last?.incidents.upperBound == count)
        }
    }

    @Test func `A digest is as many messages as it takes, each with its alerts`() throws {
        let alerts = (0..<20).map { number in
            Self.alert([
                Self.incident("x") { $0.state = String(repeating: "\(number)", count: 300) }
            ])
        }
        let requests = requests(alerts)
        #expect(requests.count > 1)
        var next = 0
        for request in requests {
            #expect(request.incidents.lowerBound == next)
            next = request.incidents.upperBound
        }
        #expect(next == 20)
    }

    @Test(arguments: [
        ("https://wiki.example.org/a?b=1&c=2", "<https://wiki.example.org/a?b=1&amp;c=2>"),
        ("http://wiki.example.org/a|b", "<http://wiki.example.org/a%7Cb>"),
        ("ask <Ann>", "ask &lt;Ann&gt;"),
    ])
    func `The runbook is a link`(runbook: String, shown: String) throws {
        let incident = Self.incident("x") { $0.runbook = runbook }
        let texts = try Message(try #require(requests([Self.alert([incident])]).first)).texts
        #expect(texts.contains { $0.text == "*runbook*\n\(shown)" }, "\(texts)")
    }

    @Test(arguments: [[], ["before"], Array(repeating: "before", count: 50)])
    func `The end of a long last line is shown`(before: [String]) throws {
        let last = "{\"level\": \"error\"" + String(repeating: "<`", count: 3_000) + "no memory}"
        let incident = Self.incident("x") { $0.logs = [LogExcerpt("/a", lines: before + [last])] }
        let message = try Message(try #require(requests([Self.alert([incident])]).first))
        for text in [message.text, message.texts.last?.text ?? ""] {
            #expect(text.contains("{\"level\": \"error\"&lt;"))
            #expect(text.hasSuffix("&lt;no memory}```"))
            #expect(text.contains("before") == !before.isEmpty)
        }
    }

    @Test func `Without diagnostics no block is empty`() throws {
        for message in ["", "x"] {
            let alert = Alert(
                subject: nil, body: message, time: Self.time,
                incidents: [Incident(.other, at: Self.time, message: message)])
            let texts = try Message(try #require(requests([alert]).first)).texts
            #expect(texts.allSatisfy { !$0.text.isEmpty })
        }
    }
}
